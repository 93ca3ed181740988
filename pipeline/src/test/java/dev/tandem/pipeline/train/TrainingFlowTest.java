package dev.tandem.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.actors.ModelActor;
import dev.tandem.actors.ModelActor.Refused;
import dev.tandem.actors.ModelActor.Skip;
import dev.tandem.actors.ModelActor.Skipped;
import dev.tandem.actors.ModelActor.Train;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.images.TestImages;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.health.Health;
import dev.tandem.model.train.StepLosses;
import dev.tandem.model.train.StepReport;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import java.awt.image.BufferedImage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The stages of the training stream without Kafka; the test plays the model. */
class TrainingFlowTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final int BATCH = 3;
    private static final int PREFETCH = 4;
    private static final int THREADS = 3;
    /** The batch in its step, those after it, the one that is filled, the pairs of the threads, and those between stages. */
    private static final int MAX_PAIRS = BATCH * (1 + PREFETCH + 1) + THREADS * BatchPreparation.PAIRS_PER_THREAD + 2;

    private static final byte[] PAIR = TestImages.png(new BufferedImage(64, 32, BufferedImage.TYPE_INT_RGB));

    private final TestProbe<ModelActor.Command> model = KIT.createTestProbe();
    private final AtomicInteger decoded = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();
    private final AtomicInteger mostPairs = new AtomicInteger();
    private final List<Long> deadLetters = new CopyOnWriteArrayList<>();
    private final List<Long> processed = new CopyOnWriteArrayList<>();
    private final SharedKillSwitch drain = KillSwitches.shared("drain");
    private CompletionStage<Done> completion = CompletableFuture.completedFuture(Done.getInstance());

    @AfterEach
    void stop() {
        drain.shutdown();
    }

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @Test
    void flow_whileAStepRuns_preparesTheNextBatchesAndNoMore() {
        start(Duration.ofMinutes(10));
        Train first = model.expectMessageClass(Train.class, TIMEOUT);
        Train second = model.expectMessageClass(Train.class, TIMEOUT);
        model.awaitAssert(TIMEOUT, () -> assertThat(decoded).hasValue(MAX_PAIRS));

        List<Train> batches = new ArrayList<>(List.of(first, second));
        for (int step = 0; step < 30; step++) {
            answer(batches.get(step), step + 1);
            batches.add(model.expectMessageClass(Train.class, TIMEOUT));
        }

        assertThat(mostPairs).hasValue(MAX_PAIRS);
        assertThat(batches)
                .extracting(TrainingFlowTest::nextOffset)
                .startsWith(3L, 6L, 9L, 12L)
                .isSorted();
        model.awaitAssert(TIMEOUT, () -> assertThat(processed).hasSize(30));
        assertThat(processed).startsWith(3L, 6L, 9L).isSorted();
    }

    @Test
    void flow_drained_finishesTheBatchesThatTheModelHasAndDropsTheOthers() {
        start(Duration.ofMinutes(10));
        Train first = model.expectMessageClass(Train.class, TIMEOUT);
        Train second = model.expectMessageClass(Train.class, TIMEOUT);
        model.awaitAssert(TIMEOUT, () -> assertThat(decoded).hasValue(MAX_PAIRS));

        drain.shutdown();
        answer(first, 1);
        answer(second, 2);

        assertThat(completion).succeedsWithin(TIMEOUT);
        assertThat(processed).containsExactly(3L, 6L);
    }

    @Test
    void flow_refusedBatch_goesToDeadLettersAndIsSkippedBeforeTheNextOneCounts() {
        start(Duration.ofMinutes(10));
        Train first = model.expectMessageClass(Train.class, TIMEOUT);
        Train second = model.expectMessageClass(Train.class, TIMEOUT);

        first.replyTo().tell(new Refused("wrong shape"));
        Skip skip = model.expectMessageClass(Skip.class, TIMEOUT);
        assertThat(deadLetters).containsExactly(0L, 1L, 2L);
        assertThat(skip.records()).isEqualTo(Map.of(new Partition("pairs", 0), List.of(0L, 1L, 2L)));
        // The reply to the second batch arrives first, but counts second.
        answer(second, 1);
        skip.replyTo().tell(new Skipped());

        model.awaitAssert(TIMEOUT, () -> assertThat(processed).containsExactly(3L, 6L));
    }

    @Test
    void flow_modelThatDoesNotReply_failsAfterTheStepTimeout() {
        start(Duration.ofMillis(1));

        assertThat(completion)
                .failsWithin(TIMEOUT)
                .withThrowableOfType(Exception.class)
                .withMessageContaining("the model did not finish a training step within run.step-timeout");
    }

    @Test
    void requireRoom_moreThanAQuarterOfTheHeap_namesTheLargestNumber() {
        Settings settings = TestSettings.tiny("model.image-size=256", "train.prefetch=20");

        assertThatCode(() -> BatchPreparation.requireRoom(settings, 4096L << 20))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> BatchPreparation.requireRoom(settings, 64L << 20))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("train.prefetch is 20, which needs")
                .hasMessageContaining("set it to at most ");
        assertThatCode(() -> BatchPreparation.requireRoom(
                        TestSettings.tiny("model.image-size=256", "train.prefetch=2"), 1L << 20))
                .doesNotThrowAnyException();
    }

    @Test
    void prefetch_auto_isBoundedByTheHeap() {
        // A batch of 8 pairs at 256x256 has 12 MiB.
        Settings settings = TestSettings.tiny("model.image-size=256", "train.batch-size=8");

        assertThat(BatchPreparation.prefetch(settings, 4096L << 20)).isEqualTo(8);
        assertThat(BatchPreparation.prefetch(settings, 512L << 20)).isEqualTo(5);
        assertThat(BatchPreparation.prefetch(settings, 64L << 20)).isEqualTo(2);
        assertThat(BatchPreparation.prefetch(TestSettings.tiny("model.image-size=256", "train.prefetch=20"), 64L << 20))
                .isEqualTo(20);
    }

    private void start(Duration stepTimeout) {
        Settings settings = TestSettings.tiny(
                "train.batch-size=" + BATCH, "train.prefetch=" + PREFETCH, "images.decode-parallelism=" + THREADS);
        PipelineListener listener = new PipelineListener() {
            @Override
            public void onPairDecoded(TensorPair pair) {
                int inMemory = decoded.incrementAndGet() - BATCH * answered.get();
                mostPairs.accumulateAndGet(inMemory, Math::max);
            }
        };
        InvalidPairs invalidPairs = (record, cause) -> {
            deadLetters.add(record.offset());
            return CompletableFuture.completedFuture(Done.getInstance());
        };
        completion = Source.range(0, 1_000_000)
                .map(offset -> new ConsumerRecord<>("pairs", 0, (long) offset, new byte[0], PAIR))
                .via(new BatchPreparation(
                                settings, invalidPairs, heldOut -> CompletableFuture.completedFuture(true), listener)
                        .flow(OptionalLong.empty()))
                .via(drain.flow())
                .via(new TrainingSteps(
                                KIT.system(), model.ref(), Map.of("pairs", "id"), stepTimeout, invalidPairs, listener)
                        .flow())
                .map(batch -> processed.add(
                        batch.nextOffsets().of(new Partition("pairs", 0)).orElseThrow()))
                .runWith(Sink.ignore(), KIT.system());
    }

    private void answer(Train batch, long step) {
        answered.incrementAndGet();
        StepReport report = new StepReport(new StepLosses(0, 0, 0, 0, 0, 0, 0), List.of(), Map.of(), 0);
        batch.replyTo()
                .tell(new Trained(step, step * BATCH, 0, report, Health.UNKNOWN, Duration.ZERO, Optional.empty()));
    }

    private static long nextOffset(Train batch) {
        return batch.records().get(new Partition("pairs", 0)).get(BATCH - 1) + 1;
    }
}
