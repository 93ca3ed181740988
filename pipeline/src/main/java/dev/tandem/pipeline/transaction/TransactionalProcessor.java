package dev.tandem.pipeline.transaction;

import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.consume.Records;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the records of a topic exactly once: answers and the offsets behind the requests are one transaction, and the
 * group's coordinator refuses it from a member whose generation is over (KIP-447), a paused one that wakes up, say.
 *
 * <p>A thread of its own polls as long as the exchange is open, so the member stays in its group however long an answer
 * takes; only while answers are being committed, on the caller's thread, it waits.
 */
public final class TransactionalProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionalProcessor.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long LARGEST_PORTION = 16L << 20;
    private static final Duration LEAVE = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final Producer<byte[], byte[]> producer;
    private final String topic;
    private final PartitionAssignments tenures;
    private final Thread poller;
    private final CompletableFuture<SourceQueueWithComplete<List<InputRecord>>> stream = new CompletableFuture<>();
    private final CompletableFuture<Done> left = new CompletableFuture<>();
    private volatile boolean draining;
    private volatile boolean closed;

    TransactionalProcessor(
            Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> producer,
            String topic,
            java.util.function.Consumer<String> rebalanced) {
        this.consumer = consumer;
        this.producer = producer;
        this.topic = topic;
        this.tenures = new PartitionAssignments(consumer::groupMetadata, () -> rebalanced.accept(topic));
        this.poller = new Thread(this::read, "exchange-" + topic);
        poller.setDaemon(true);
    }

    /**
     * Prepares an exchange; nothing is read before {@link #requests} runs.
     *
     * @param name of this member, unlike any other's: who opens one under a name that is in use ends the other's
     * @param instance its name in the group, if that lasts longer than the process
     */
    public static TransactionalProcessor open(
            KafkaClients clients,
            String topic,
            String group,
            String name,
            Optional<String> instance,
            java.util.function.Consumer<String> rebalanced) {
        Producer<byte[], byte[]> producer = clients.transactionalProducer(name);
        try {
            return new TransactionalProcessor(
                    clients.transactionalConsumer(group, instance), producer, topic, rebalanced);
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * The topic's records, from the offsets that were committed last. Runs once; ends after {@link #drain}, and fails
     * with the consumer.
     */
    public Source<InputRecord, NotUsed> requests() {
        return Source.<List<InputRecord>>queue(1, OverflowStrategy.backpressure())
                .mapMaterializedValue(queue -> {
                    stream.complete(queue);
                    poller.start();
                    return NotUsed.getInstance();
                })
                .mapConcat(requests -> requests);
    }

    /** Ends {@link #requests} behind what was read already; the exchange stays open for the answers. */
    public void drain() {
        draining = true;
    }

    /**
     * Sends answers and moves the offsets behind their requests; both or neither of each. Answers to requests of
     * partitions that were taken away meanwhile are left out: they are another member's to give. Blocks until the broker
     * has it.
     *
     * @return the answers that went out, as they went out
     * @throws KafkaException if it is not known to be committed; only a new exchange can go on then
     */
    public List<ProcessedRecord> commit(List<ProcessedRecord> answers) {
        synchronized (tenures) {
            List<ProcessedRecord> held = answers.stream()
                    .filter(answer -> tenures.holds(answer.request()))
                    .toList();
            if (held.size() < answers.size()) {
                LOG.debug("{} answers are another member's to give", answers.size() - held.size());
            }
            List<ProcessedRecord> committed = new ArrayList<>();
            for (List<ProcessedRecord> portion : portions(held)) {
                committed.addAll(committed(portion));
            }
            return committed;
        }
    }

    /** In their order, so that no transaction is longer in sending than the broker will wait. */
    private static List<List<ProcessedRecord>> portions(List<ProcessedRecord> answers) {
        List<List<ProcessedRecord>> portions = new ArrayList<>();
        long bytes = 0;
        for (ProcessedRecord answer : answers) {
            bytes += answer.bytes();
            if (portions.isEmpty() || bytes > LARGEST_PORTION) {
                portions.add(new ArrayList<>());
                bytes = answer.bytes();
            }
            portions.get(portions.size() - 1).add(answer);
        }
        return portions;
    }

    private List<ProcessedRecord> committed(List<ProcessedRecord> answers) {
        List<ProcessedRecord> tried = answers;
        Optional<List<ProcessedRecord>> smaller = attempt(tried);
        while (smaller.isPresent()) {
            tried = smaller.get();
            smaller = attempt(tried);
        }
        return tried;
    }

    /** Ends at once; what is not committed will be read again. Completes when the group knows. */
    public CompletionStage<Done> close() {
        closed = true;
        producer.close(Duration.ZERO);
        if (!stream.isDone()) {
            leave();
        }
        return left;
    }

    /** @return what to try instead, if some answers were too large for their topics; empty: it is committed */
    private Optional<List<ProcessedRecord>> attempt(List<ProcessedRecord> answers) {
        try {
            producer.beginTransaction();
            List<Optional<Throwable>> failures = send(answers);
            if (failures.stream().anyMatch(TransactionalProcessor::isTooLarge)) {
                producer.abortTransaction();
                return Optional.of(IntStream.range(0, answers.size())
                        .mapToObj(i -> isTooLarge(failures.get(i)) ? smaller(answers.get(i)) : answers.get(i))
                        .toList());
            }
            // Has the failures of all sends for its own.
            producer.sendOffsetsToTransaction(offsetsBehind(answers), tenures.member());
            producer.commitTransaction();
            return Optional.empty();
        } catch (RuntimeException e) {
            abort();
            throw e;
        }
    }

    /** @return what went wrong with each answer; a record that cannot be sent spoils those behind it too */
    private List<Optional<Throwable>> send(List<ProcessedRecord> answers) {
        List<List<CompletableFuture<RecordMetadata>>> sent = answers.stream()
                .map(answer -> answer.records().stream().map(this::send).toList())
                .toList();
        producer.flush();
        return sent.stream().map(TransactionalProcessor::failure).toList();
    }

    private CompletableFuture<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
        CompletableFuture<RecordMetadata> sent = new CompletableFuture<>();
        try {
            producer.send(record, (metadata, failure) -> {
                if (failure == null) {
                    sent.complete(metadata);
                } else {
                    sent.completeExceptionally(failure);
                }
            });
        } catch (KafkaException e) {
            sent.completeExceptionally(e);
        }
        return sent;
    }

    /** The one of its records that was too large, or else any. */
    private static Optional<Throwable> failure(List<CompletableFuture<RecordMetadata>> sent) {
        List<Throwable> failures = sent.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .map(record -> record.handle((done, failure) -> failure).join())
                .toList();
        return failures.stream()
                .filter(RecordTooLargeException.class::isInstance)
                .findFirst()
                .or(() -> failures.stream().findFirst());
    }

    private static boolean isTooLarge(Optional<Throwable> failure) {
        return failure.filter(RecordTooLargeException.class::isInstance).isPresent();
    }

    private static ProcessedRecord smaller(ProcessedRecord answer) {
        return answer.smaller()
                .orElseThrow(() -> new KafkaException("a topic takes not even the smallest answer to "
                        + Records.origin(answer.request().record())));
    }

    private static Map<TopicPartition, OffsetAndMetadata> offsetsBehind(List<ProcessedRecord> answers) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ProcessedRecord answer : answers) {
            ConsumerRecord<byte[], byte[]> record = answer.request().record();
            offsets.put(PartitionAssignments.partition(record), new OffsetAndMetadata(record.offset() + 1));
        }
        return offsets;
    }

    private void abort() {
        try {
            producer.abortTransaction();
        } catch (RuntimeException e) {
            LOG.debug("a transaction is left to the broker to abort", e);
        }
    }

    private void read() {
        SourceQueueWithComplete<List<InputRecord>> requests = stream.join();
        try {
            // Ends what a predecessor of this name left open, before the offsets are read.
            producer.initTransactions();
            consumer.subscribe(List.of(topic), tenures);
            handOver(requests);
            requests.complete();
            // Stays a member for the answers that are still to come.
            while (!closed) {
                poll(false);
            }
        } catch (RuntimeException | Error e) {
            // Of any kind: a stream that is not told would wait for requests for ever.
            requests.fail(e);
        } finally {
            leave();
        }
    }

    /** Reads as fast as the stream takes it, and polls without reading while it does not. */
    private void handOver(SourceQueueWithComplete<List<InputRecord>> requests) {
        CompletableFuture<?> taken = CompletableFuture.completedFuture(null);
        List<InputRecord> next = List.of();
        while (!draining
                && !closed
                && !requests.watchCompletion().toCompletableFuture().isDone()) {
            if (taken.isDone() && !next.isEmpty()) {
                taken = requests.offer(next).toCompletableFuture();
                // Or a poll that does not read would keep the next request waiting.
                taken.whenComplete((offered, failure) -> consumer.wakeup());
                next = List.of();
            }
            // Partitions that come with a rebalance are read before they can be paused.
            List<InputRecord> read = poll(taken.isDone());
            next = Stream.concat(next.stream(), read.stream()).toList();
        }
    }

    private List<InputRecord> poll(boolean reading) {
        if (reading) {
            consumer.resume(consumer.assignment());
        } else {
            consumer.pause(consumer.assignment());
        }
        ConsumerRecords<byte[], byte[]> records = polled();
        tenures.refresh();
        return StreamSupport.stream(records.spliterator(), false)
                .map(tenures::request)
                .toList();
    }

    private ConsumerRecords<byte[], byte[]> polled() {
        try {
            return consumer.poll(POLL);
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        }
    }

    private void leave() {
        try {
            consumer.close(CloseOptions.timeout(LEAVE));
        } catch (KafkaException e) {
            LOG.debug("the group will notice in time", e);
        } finally {
            left.complete(Done.getInstance());
        }
    }
}
