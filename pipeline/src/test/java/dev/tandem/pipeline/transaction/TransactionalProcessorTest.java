package dev.tandem.pipeline.transaction;

import static dev.tandem.pipeline.transaction.LimitedProducer.result;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.testkit.TestSubscriber;
import org.apache.pekko.stream.testkit.javadsl.TestSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Uses the mock clients of Kafka; the integration tests use a broker. */
@Timeout(30)
class TransactionalProcessorTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final TopicPartition FIRST = new TopicPartition("sources", 0);
    private static final TopicPartition SECOND = new TopicPartition("sources", 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final LimitedProducer producer = new LimitedProducer(LimitedProducer.MAX_BYTES);
    private final AtomicInteger rebalances = new AtomicInteger();
    private final Queue<InvalidOffsetException> searches = new ConcurrentLinkedQueue<>();
    private final Map<TopicPartition, Long> found = new ConcurrentHashMap<>(Map.of(FIRST, 0L, SECOND, 0L));
    private final TransactionalProcessor processor = new TransactionalProcessor(
            consumer, producer, "sources", this::search, "partitions=2", topic -> rebalances.incrementAndGet());
    private long nextOffset;

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @AfterEach
    void close() throws Exception {
        processor.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void commit_currentAssignment_sendsOutputsAndNextOffsetsTogether() {
        TestSubscriber.Probe<InputRecord> records = start();
        assign(FIRST);
        add(FIRST, 3);
        List<InputRecord> read = read(records, 3);

        List<ProcessedRecord> committed =
                processor.commit(List.of(result(read.get(0), 10, 20), result(read.get(1)), result(read.get(2), 30)));

        assertThat(committed).hasSize(3);
        assertThat(producer.committedSizes()).containsExactly(10, 20, 30);
        assertThat(producer.committedOffsets()).containsExactly(Map.entry(FIRST, 3L));
    }

    @Test
    void commit_always_carriesMemberAndGeneration() {
        TestSubscriber.Probe<InputRecord> records = start();
        assign(FIRST);
        add(FIRST, 1);

        processor.commit(List.of(result(read(records, 1).get(0), 10)));

        assertThat(producer.group().generationId())
                .isEqualTo(consumer.groupMetadata().generationId());
        assertThat(producer.group().generationId()).as("known").isNotNegative();
        assertThat(producer.group().memberId())
                .isEqualTo(consumer.groupMetadata().memberId());
    }

    @Test
    void commit_partitionRevokedMeanwhile_theRebalanceWaits() {
        TestSubscriber.Probe<InputRecord> records = start();
        assign(FIRST);
        add(FIRST, 2);
        List<InputRecord> read = read(records, 2);
        CompletableFuture<Thread> poller = new CompletableFuture<>();
        CompletableFuture<Void> sending = new CompletableFuture<>();
        consumer.schedulePollTask(() -> {
            poller.complete(Thread.currentThread());
            sending.join();
            consumer.rebalance(Set.of());
        });
        Thread rebalancing = poller.join();
        producer.duringSend(() -> {
            sending.complete(null);
            while (rebalancing.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
        });

        assertThat(processor.commit(List.of(result(read.get(0), 10)))).hasSize(1);
        assign();

        assertThat(processor.commit(List.of(result(read.get(1), 10)))).isEmpty();
    }

    @Test
    void commit_partitionRevokedBefore_dropsItsResults() {
        TestSubscriber.Probe<InputRecord> records = start();
        assign(FIRST, SECOND);
        add(FIRST, 1);
        add(SECOND, 1);
        List<InputRecord> read = read(records, 2);
        assign(SECOND);

        processor.commit(List.of(result(read.get(0), 10), result(read.get(1), 20)));

        assertThat(producer.committedSizes()).containsExactly(20);
        assertThat(producer.committedOffsets()).containsOnlyKeys(SECOND);
    }

    @Test
    void commit_partitionAssignedAgain_commitsOnlyTheResultOfTheNewAssignment() {
        TestSubscriber.Probe<InputRecord> records = start();
        assign(FIRST);
        add(FIRST, 1);
        InputRecord before = read(records, 1).get(0);
        assign();
        assign(FIRST);
        nextOffset = 0;
        add(FIRST, 1);
        InputRecord after = read(records, 1).get(0);

        assertThat(processor.commit(List.of(result(before, 10)))).isEmpty();
        assertThat(processor.commit(List.of(result(after, 20)))).hasSize(1);

        assertThat(producer.committedSizes()).containsExactly(20);
        assertThat(rebalances).hasValueGreaterThanOrEqualTo(2);
    }

    @Test
    void records_polledWhileTheStreamIsBusy_stayInOrder() {
        TestSubscriber.Probe<InputRecord> records = start();
        assign(FIRST);
        for (int i = 0; i < 20; i++) {
            add(FIRST, 1);
        }

        assertThat(read(records, 20).stream().map(input -> input.record().offset()))
                .containsExactlyElementsOf(LongStream.range(0, 20).boxed().toList());
    }

    @Test
    void drain_always_completesTheRecordsAndStaysInTheGroup() {
        TestSubscriber.Probe<InputRecord> records = start();
        assign(FIRST);
        add(FIRST, 1);
        InputRecord read = read(records, 1).get(0);

        processor.drain();
        records.expectComplete();

        assertThat(processor.commit(List.of(result(read, 10)))).hasSize(1);
        assertThat(consumer.closed()).isFalse();
    }

    @Test
    void records_noCommittedOffset_startAtTheOffsetThatTheSearchFindsAndCommitIt() {
        found.put(FIRST, 7L);
        nextOffset = 5;
        TestSubscriber.Probe<InputRecord> records = start();
        assign(FIRST);
        add(FIRST, 3);

        assertThat(read(records, 1).get(0).record().offset()).isEqualTo(7);

        assertThat(searches).singleElement().isInstanceOf(NoOffsetForPartitionException.class);
        assertThat(consumer.committed(Set.of(FIRST))).containsEntry(FIRST, new OffsetAndMetadata(7, "partitions=2"));
    }

    @Test
    void records_offsetOutOfRange_continueAtTheOffsetThatTheSearchFindsAndCommitIt() {
        consumer.updateEndOffsets(Map.of(FIRST, 12L));
        TestSubscriber.Probe<InputRecord> records = start();
        assign(FIRST);
        add(FIRST, 1);
        read(records, 1);
        found.put(FIRST, 12L);
        consumer.schedulePollTask(() -> consumer.setPollException(new OffsetOutOfRangeException(Map.of(FIRST, 30L))));
        nextOffset = 12;
        records.request(1);
        while (committed(FIRST) != 12) {
            Thread.onSpinWait();
        }
        add(FIRST, 1);

        assertThat(records.requestNext().record().offset()).isEqualTo(12);
    }

    private long committed(TopicPartition partition) {
        return Optional.ofNullable(consumer.committed(Set.of(partition)).get(partition))
                .map(OffsetAndMetadata::offset)
                .orElse(-1L);
    }

    private Map<TopicPartition, Long> search(InvalidOffsetException failure) {
        searches.add(failure);
        return failure.partitions().stream().collect(Collectors.toMap(partition -> partition, found::get));
    }

    private TestSubscriber.Probe<InputRecord> start() {
        consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
        return processor.records().runWith(TestSink.create(Adapter.toClassic(KIT.system())), KIT.system());
    }

    private void assign(TopicPartition... partitions) {
        consumer.schedulePollTask(() -> consumer.rebalance(Arrays.asList(partitions)));
        consumer.schedulePollTask(() -> {});
        while (!consumer.assignment().equals(Set.of(partitions))) {
            Thread.onSpinWait();
        }
    }

    private void add(TopicPartition partition, int count) {
        consumer.schedulePollTask(() -> {
            for (int i = 0; i < count; i++) {
                consumer.addRecord(
                        new ConsumerRecord<>(partition.topic(), partition.partition(), nextOffset++, null, null));
            }
        });
    }

    private static List<InputRecord> read(TestSubscriber.Probe<InputRecord> records, int count) {
        List<InputRecord> read = new ArrayList<>();
        records.request(count);
        for (int i = 0; i < count; i++) {
            read.add(records.requestNext());
        }
        return read;
    }
}
