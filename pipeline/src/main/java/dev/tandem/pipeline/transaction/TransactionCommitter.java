package dev.tandem.pipeline.transaction;

import dev.tandem.pipeline.consume.Records;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits outputs together with the next offsets of their inputs, in Kafka transactions. */
final class TransactionCommitter {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionCommitter.class);
    private static final long MAX_TRANSACTION_BYTES = 16L << 20;

    private final Producer<byte[], byte[]> producer;

    TransactionCommitter(Producer<byte[], byte[]> producer) {
        this.producer = producer;
    }

    /** Aborts a transaction that an earlier producer with this transactional id left open, and fences that producer. */
    void init() {
        producer.initTransactions();
    }

    /**
     * Commits results in their order. Large lists are split into several transactions.
     *
     * @param group this group member; the broker rejects the transaction if its generation is over
     * @return the results as committed: a result that was too large for a topic is replaced by its smaller one
     * @throws KafkaException if the commit failed or its outcome is unknown
     */
    List<ProcessedRecord> commit(List<ProcessedRecord> results, ConsumerGroupMetadata group) {
        List<ProcessedRecord> committed = new ArrayList<>();
        for (List<ProcessedRecord> portion : portions(results)) {
            committed.addAll(commitPortion(portion, group));
        }
        return committed;
    }

    /** Closes immediately. The broker aborts an open transaction. */
    void close() {
        producer.close(Duration.ZERO);
    }

    /** Limits the bytes of a transaction, so that sending it takes less time than the transaction timeout. */
    private static List<List<ProcessedRecord>> portions(List<ProcessedRecord> results) {
        List<List<ProcessedRecord>> portions = new ArrayList<>();
        long bytes = 0;
        for (ProcessedRecord result : results) {
            bytes += result.bytes();
            if (portions.isEmpty() || bytes > MAX_TRANSACTION_BYTES) {
                portions.add(new ArrayList<>());
                bytes = result.bytes();
            }
            portions.get(portions.size() - 1).add(result);
        }
        return portions;
    }

    private List<ProcessedRecord> commitPortion(List<ProcessedRecord> results, ConsumerGroupMetadata group) {
        List<ProcessedRecord> attempted = results;
        Optional<List<ProcessedRecord>> smaller = attempt(attempted, group);
        while (smaller.isPresent()) {
            attempted = smaller.get();
            smaller = attempt(attempted, group);
        }
        return attempted;
    }

    /** @return results to attempt instead, if some were too large for their topics; empty: committed */
    private Optional<List<ProcessedRecord>> attempt(List<ProcessedRecord> results, ConsumerGroupMetadata group) {
        try {
            producer.beginTransaction();
            List<Optional<Throwable>> failures = send(results);
            if (failures.stream().anyMatch(TransactionCommitter::isTooLarge)) {
                producer.abortTransaction();
                return Optional.of(IntStream.range(0, results.size())
                        .mapToObj(i -> isTooLarge(failures.get(i)) ? smaller(results.get(i)) : results.get(i))
                        .toList());
            }
            // Throws if any send failed for another reason.
            producer.sendOffsetsToTransaction(nextOffsets(results), group);
            producer.commitTransaction();
            return Optional.empty();
        } catch (RuntimeException e) {
            abort();
            throw e;
        }
    }

    /** @return the failure of each result; one record that fails also fails the records after it */
    private List<Optional<Throwable>> send(List<ProcessedRecord> results) {
        List<List<CompletableFuture<RecordMetadata>>> sent = results.stream()
                .map(result -> result.outputs().stream().map(this::send).toList())
                .toList();
        producer.flush();
        return sent.stream().map(TransactionCommitter::failure).toList();
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

    /** Returns the first failure of a result's records, but prefers one that says too large. */
    private static Optional<Throwable> failure(List<CompletableFuture<RecordMetadata>> sent) {
        List<Throwable> failures = sent.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .map(record -> record.handle((metadata, failure) -> failure).join())
                .toList();
        return failures.stream()
                .filter(RecordTooLargeException.class::isInstance)
                .findFirst()
                .or(() -> failures.stream().findFirst());
    }

    private static boolean isTooLarge(Optional<Throwable> failure) {
        return failure.filter(RecordTooLargeException.class::isInstance).isPresent();
    }

    private static ProcessedRecord smaller(ProcessedRecord result) {
        return result.smaller()
                .orElseThrow(() -> new KafkaException("a topic rejects even the smallest result of record "
                        + Records.origin(result.input().record()) + " as too large"));
    }

    private static Map<TopicPartition, OffsetAndMetadata> nextOffsets(List<ProcessedRecord> results) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ProcessedRecord result : results) {
            ConsumerRecord<byte[], byte[]> record = result.input().record();
            offsets.put(PartitionAssignments.partition(record), new OffsetAndMetadata(record.offset() + 1));
        }
        return offsets;
    }

    private void abort() {
        try {
            producer.abortTransaction();
        } catch (RuntimeException e) {
            LOG.debug("could not abort the transaction; the broker aborts it after the transaction timeout", e);
        }
    }
}
