package dev.tandem.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import dev.tandem.pipeline.train.PreparedPair.HeldOut;
import dev.tandem.pipeline.train.PreparedPair.Invalid;
import dev.tandem.pipeline.train.PreparedPair.Valid;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.testkit.TestPublisher;
import org.apache.pekko.stream.testkit.TestSubscriber;
import org.apache.pekko.stream.testkit.javadsl.TestSink;
import org.apache.pekko.stream.testkit.javadsl.TestSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class PairBatcherTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Partition PARTITION = new Partition("pairs", 0);
    private static final TensorPair PAIR = new TensorPair(Tensor.zeros(1, 3, 2, 2), Tensor.zeros(1, 3, 2, 2));
    private long offset;

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @Test
    void batches_invalidRecordBetweenPairs_advancesTheNextOffset() {
        var probes = probes(new PairBatcher(2, Long.MAX_VALUE));
        probes.second().request(10);
        probes.first().sendNext(valid()).sendNext(invalid()).sendNext(valid()).sendNext(invalid());

        PairBatch batch = probes.second().expectNext();

        assertThat(batch.pairs()).hasSize(2);
        assertThat(batch.nextOffsets()).isEqualTo(new Offsets(Map.of(PARTITION, 3L)));
        probes.second().expectNoMessage();
    }

    @Test
    void batches_heldOutPairs_advanceTheNextOffsetAndDoNotCount() {
        var probes = probes(new PairBatcher(2, 2));
        probes.second().request(10);
        probes.first().sendNext(heldOut()).sendNext(valid()).sendNext(heldOut()).sendNext(valid());

        PairBatch batch = probes.second().expectNext();

        assertThat(batch.pairs()).extracting(pair -> pair.record().offset()).containsExactly(1L, 3L);
        assertThat(batch.nextOffsets()).isEqualTo(new Offsets(Map.of(PARTITION, 4L)));
        assertThat(batch.isLast()).isTrue();
    }

    @Test
    void batches_drained_dropTheIncompleteBatch() {
        var probes = probes(new PairBatcher(2, Long.MAX_VALUE));
        probes.second().request(10);
        probes.first().sendNext(valid()).sendNext(valid()).sendNext(valid()).sendComplete();

        assertThat(probes.second().expectNext().pairs()).hasSize(2);
        probes.second().expectComplete();
    }

    @Test
    void batches_lastPairReached_endWithASmallerBatch() {
        var probes = probes(new PairBatcher(2, 3));
        probes.second().request(10);
        probes.first().sendNext(valid()).sendNext(valid()).sendNext(invalid());
        probes.first().sendNext(valid()).sendNext(invalid()).sendNext(valid());

        PairBatch first = probes.second().expectNext();
        assertThat(first.pairs()).hasSize(2);
        assertThat(first.isLast()).isFalse();
        PairBatch last = probes.second().expectNext();
        assertThat(last.pairs()).hasSize(1);
        assertThat(last.isLast()).isTrue();
        assertThat(last.nextOffsets().of(PARTITION)).hasValue(4);
        probes.second().expectNoMessage();
    }

    @Test
    void batches_drainedAfterInvalidRecord_emitNoFurtherBatch() {
        var probes = probes(new PairBatcher(2, Long.MAX_VALUE));
        probes.second().request(10);
        probes.first().sendNext(valid()).sendNext(valid()).sendNext(invalid());
        probes.first().sendComplete();

        assertThat(probes.second().expectNext().pairs()).hasSize(2);
        probes.second().expectComplete();
    }

    @Test
    void batches_manyInvalidRecords_addOneOffsetToTheNextPair() {
        var probes = probes(new PairBatcher(1, Long.MAX_VALUE));
        probes.second().request(2);
        for (int i = 0; i < 100_000; i++) {
            probes.first().sendNext(invalid());
        }
        probes.first().sendNext(valid());

        PairBatch batch = probes.second().expectNext();

        assertThat(batch.pairs()).hasSize(1);
        assertThat(batch.nextOffsets()).isEqualTo(new Offsets(Map.of(PARTITION, 100_001L)));
    }

    @Test
    void batches_demandForOne_emitOne() {
        var probes = probes(new PairBatcher(2, Long.MAX_VALUE));
        probes.second().request(1);
        for (int i = 0; i < 4; i++) {
            probes.first().sendNext(valid());
        }

        assertThat(probes.second().expectNext().pairs()).hasSize(2);
        probes.second().expectNoMessage();
    }

    private static Pair<TestPublisher.Probe<PreparedPair>, TestSubscriber.Probe<PairBatch>> probes(
            PairBatcher batcher) {
        var system = Adapter.toClassic(KIT.system());
        return TestSource.<PreparedPair>create(system)
                .via(batcher.numbered())
                .via(batcher.batches())
                .toMat(TestSink.create(system), Keep.both())
                .run(system);
    }

    private PreparedPair valid() {
        return new Valid(record(), PAIR);
    }

    private PreparedPair heldOut() {
        return new HeldOut(record(), Optional.of(PAIR));
    }

    private PreparedPair invalid() {
        return new Invalid(record(), new InvalidInput(Reason.EMPTY, "empty"));
    }

    private ConsumerRecord<byte[], byte[]> record() {
        return new ConsumerRecord<>(PARTITION.topic(), PARTITION.number(), offset++, new byte[0], new byte[0]);
    }
}
