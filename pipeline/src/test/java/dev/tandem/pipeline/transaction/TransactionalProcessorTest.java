package dev.tandem.pipeline.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.stream.testkit.TestSubscriber;
import org.apache.pekko.stream.testkit.javadsl.TestSink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** With the clients' own doubles; the real ones are in the tests against a broker. */
@Timeout(30)
class TransactionalProcessorTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final TopicPartition FIRST = new TopicPartition("sources", 0);
    private static final TopicPartition SECOND = new TopicPartition("sources", 1);
    private static final int LARGEST = 100;

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
    private final LimitedProducer producer = new LimitedProducer();
    private final AtomicInteger rebalances = new AtomicInteger();
    private final TransactionalProcessor exchange =
            new TransactionalProcessor(consumer, producer, "sources", topic -> rebalances.incrementAndGet());

    /** Refuses records that are too large, as a topic does: the transaction is then spoilt. */
    private static final class LimitedProducer extends MockProducer<byte[], byte[]> {
        private int largest = LARGEST;
        private Runnable whileSending = () -> {};
        private ConsumerGroupMetadata member;

        private LimitedProducer() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        /** Committing flushes again, with nothing left to send. */
        @Override
        public void flush() {
            Runnable now = whileSending;
            whileSending = () -> {};
            now.run();
            super.flush();
        }

        @Override
        public void sendOffsetsToTransaction(
                Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata metadata) {
            member = metadata;
            super.sendOffsetsToTransaction(offsets, metadata);
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            if (record.value().length > largest) {
                callback.onCompletion(null, new RecordTooLargeException("too large"));
                return null;
            }
            return super.send(record, callback);
        }
    }

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @AfterEach
    void close() throws Exception {
        exchange.close().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    @Test
    void commit_ofThisTenure_sendsAnswersAndOffsetsTogether() {
        TestSubscriber.Probe<InputRecord> requests = start();
        assign(FIRST);
        add(FIRST, 3);
        List<InputRecord> read = read(requests, 3);

        List<ProcessedRecord> committed =
                exchange.commit(List.of(answer(read.get(0), 10, 20), answer(read.get(1)), answer(read.get(2), 30)));

        assertThat(committed).hasSize(3);
        assertThat(sizes()).containsExactly(10, 20, 30);
        assertThat(offsets()).containsExactly(Map.entry(FIRST, 3L));
    }

    @Test
    void commit_always_saysWhichGenerationOfWhichMemberItIs() {
        TestSubscriber.Probe<InputRecord> requests = start();
        assign(FIRST);
        add(FIRST, 1);

        exchange.commit(List.of(answer(read(requests, 1).get(0), 10)));

        assertThat(producer.member.generationId())
                .isEqualTo(consumer.groupMetadata().generationId());
        assertThat(producer.member.generationId()).as("known").isNotNegative();
        assertThat(producer.member.memberId())
                .isEqualTo(consumer.groupMetadata().memberId());
    }

    @Test
    void commit_partitionTakenAwayMeanwhile_theRebalanceWaits() {
        TestSubscriber.Probe<InputRecord> requests = start();
        assign(FIRST);
        add(FIRST, 2);
        List<InputRecord> read = read(requests, 2);
        CompletableFuture<Thread> poller = new CompletableFuture<>();
        CompletableFuture<Void> sending = new CompletableFuture<>();
        consumer.schedulePollTask(() -> {
            poller.complete(Thread.currentThread());
            sending.join();
            consumer.rebalance(Set.of());
        });
        Thread rebalancing = poller.join();
        producer.whileSending = () -> {
            sending.complete(null);
            while (rebalancing.getState() != Thread.State.BLOCKED) {
                Thread.onSpinWait();
            }
        };

        assertThat(exchange.commit(List.of(answer(read.get(0), 10)))).hasSize(1);
        assign();

        assertThat(exchange.commit(List.of(answer(read.get(1), 10)))).isEmpty();
    }

    @Test
    void commit_answersOfManyBytes_areSeveralTransactions() {
        TestSubscriber.Probe<InputRecord> requests = start();
        producer.largest = Integer.MAX_VALUE;
        assign(FIRST);
        add(FIRST, 3);
        List<InputRecord> read = read(requests, 3);

        exchange.commit(read.stream().map(request -> answer(request, 7 << 20)).toList());

        assertThat(producer.commitCount()).isEqualTo(2);
        assertThat(producer.history()).hasSize(3);
    }

    @Test
    void commit_answersWithoutRecordsOrBytes_moveTheOffsetsAllTheSame() {
        TestSubscriber.Probe<InputRecord> requests = start();
        assign(FIRST);
        add(FIRST, 2);
        List<InputRecord> read = read(requests, 2);

        exchange.commit(List.of(answer(read.get(0), 0), answer(read.get(1))));

        assertThat(sizes()).containsExactly(0);
        assertThat(offsets()).containsExactly(Map.entry(FIRST, 2L));
    }

    @Test
    void commit_afterThePartitionWasTakenAway_isLeftToItsNewOwner() {
        TestSubscriber.Probe<InputRecord> requests = start();
        assign(FIRST, SECOND);
        add(FIRST, 1);
        add(SECOND, 1);
        List<InputRecord> read = read(requests, 2);
        assign(SECOND);

        exchange.commit(List.of(answer(read.get(0), 10), answer(read.get(1), 20)));

        assertThat(sizes()).containsExactly(20);
        assertThat(offsets()).containsOnlyKeys(SECOND);
    }

    @Test
    void commit_afterThePartitionCameBack_isNotGivenTwice() {
        TestSubscriber.Probe<InputRecord> requests = start();
        assign(FIRST);
        add(FIRST, 1);
        InputRecord before = read(requests, 1).get(0);
        assign();
        assign(FIRST);
        next = 0;
        add(FIRST, 1);
        InputRecord after = read(requests, 1).get(0);

        assertThat(exchange.commit(List.of(answer(before, 10)))).isEmpty();
        assertThat(exchange.commit(List.of(answer(after, 20)))).hasSize(1);

        assertThat(sizes()).containsExactly(20);
        assertThat(rebalances).hasValueGreaterThanOrEqualTo(2);
    }

    @Test
    void commit_answerTooLarge_sendsTheSmallerOneInItsPlace() {
        TestSubscriber.Probe<InputRecord> requests = start();
        assign(FIRST);
        add(FIRST, 2);
        List<InputRecord> read = read(requests, 2);
        ProcessedRecord husk = answer(read.get(1), 1);
        ProcessedRecord letter =
                new ProcessedRecord(read.get(1), records(LARGEST + 1), Optional.empty(), Optional.of(husk));
        ProcessedRecord large =
                new ProcessedRecord(read.get(1), records(5, LARGEST + 1), Optional.empty(), Optional.of(letter));

        List<ProcessedRecord> committed = exchange.commit(List.of(answer(read.get(0), 10), large));

        assertThat(committed.get(1)).isSameAs(husk);
        assertThat(sizes()).containsExactly(10, 1);
        assertThat(offsets()).containsExactly(Map.entry(FIRST, 2L));
    }

    @Test
    void commit_nothingSmallEnough_failsAndCommitsNothing() {
        TestSubscriber.Probe<InputRecord> requests = start();
        assign(FIRST);
        add(FIRST, 1);
        InputRecord read = read(requests, 1).get(0);

        assertThatThrownBy(() -> exchange.commit(List.of(answer(read, LARGEST + 1))))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("sources-0-0");

        assertThat(producer.transactionAborted()).isTrue();
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void commit_refusedByTheGroup_failsAndCommitsNothing() {
        TestSubscriber.Probe<InputRecord> requests = start();
        assign(FIRST);
        add(FIRST, 1);
        InputRecord read = read(requests, 1).get(0);
        producer.sendOffsetsToTransactionException = new KafkaException("generation is over");

        assertThatThrownBy(() -> exchange.commit(List.of(answer(read, 10)))).hasMessage("generation is over");

        assertThat(producer.transactionAborted()).isTrue();
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void requests_readWhileTheStreamIsBusy_areKeptInOrder() {
        TestSubscriber.Probe<InputRecord> requests = start();
        assign(FIRST);
        for (int i = 0; i < 20; i++) {
            add(FIRST, 1);
        }

        assertThat(read(requests, 20).stream().map(request -> request.record().offset()))
                .containsExactlyElementsOf(
                        IntStream.range(0, 20).mapToObj(i -> (long) i).toList());
    }

    @Test
    void drain_always_endsTheRequestsAndStaysForTheAnswers() {
        TestSubscriber.Probe<InputRecord> requests = start();
        assign(FIRST);
        add(FIRST, 1);
        InputRecord read = read(requests, 1).get(0);

        exchange.drain();
        requests.expectComplete();

        assertThat(exchange.commit(List.of(answer(read, 10)))).hasSize(1);
        assertThat(consumer.closed()).isFalse();
    }

    private long next;

    private TestSubscriber.Probe<InputRecord> start() {
        consumer.updateBeginningOffsets(Map.of(FIRST, 0L, SECOND, 0L));
        return exchange.requests().runWith(TestSink.create(Adapter.toClassic(KIT.system())), KIT.system());
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
                consumer.addRecord(new ConsumerRecord<>(partition.topic(), partition.partition(), next++, null, null));
            }
        });
    }

    private static List<InputRecord> read(TestSubscriber.Probe<InputRecord> requests, int count) {
        List<InputRecord> read = new ArrayList<>();
        requests.request(count);
        for (int i = 0; i < count; i++) {
            read.add(requests.requestNext());
        }
        return read;
    }

    private static ProcessedRecord answer(InputRecord request, int... sizes) {
        return new ProcessedRecord(request, records(sizes), Optional.empty(), Optional.empty());
    }

    private static List<ProducerRecord<byte[], byte[]>> records(int... sizes) {
        return Arrays.stream(sizes)
                .mapToObj(size -> new ProducerRecord<byte[], byte[]>("translations", new byte[size]))
                .toList();
    }

    private List<Integer> sizes() {
        return producer.history().stream().map(record -> record.value().length).toList();
    }

    private Map<TopicPartition, Long> offsets() {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (Map<String, Map<TopicPartition, OffsetAndMetadata>> groups : producer.consumerGroupOffsetsHistory()) {
            groups.values()
                    .forEach(group -> group.forEach((partition, offset) -> offsets.put(partition, offset.offset())));
        }
        return offsets;
    }
}
