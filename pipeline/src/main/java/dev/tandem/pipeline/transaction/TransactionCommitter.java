package dev.tandem.pipeline.transaction;

import dev.tandem.config.SettingsException;
import dev.tandem.pipeline.consume.KafkaFailures;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.deadletter.DeadLetterRecords;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commits outputs together with the next offsets of their inputs, in Kafka transactions. */
final class TransactionCommitter {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionCommitter.class);
    private static final long MAX_TRANSACTION_BYTES = 16L << 20;

    private final Producer<byte[], byte[]> producer;
    private final String metadata;

    /** @param metadata of the committed offsets */
    TransactionCommitter(Producer<byte[], byte[]> producer, String metadata) {
        this.producer = producer;
        this.metadata = metadata;
    }

    /** Aborts a transaction that an earlier producer with this transactional id left open, and fences that producer. */
    void init() {
        producer.initTransactions();
    }

    /**
     * Commits results in their order. Large lists are split into several transactions.
     *
     * @param group this group member; the broker rejects the transaction if its generation is over
     * @return the results as committed: a result that a topic rejected is replaced by its alternative
     * @throws SettingsException if a topic rejects a result without an alternative
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

    /** A rejected record also fails others of its transaction. So the results are then committed one by one. */
    private List<ProcessedRecord> commitPortion(List<ProcessedRecord> results, ConsumerGroupMetadata group) {
        Optional<Throwable> rejection = attempt(results, group);
        if (rejection.isEmpty()) {
            return results;
        }
        if (results.size() == 1) {
            return commitPortion(List.of(alternative(results.get(0), rejection.get())), group);
        }
        List<ProcessedRecord> committed = new ArrayList<>();
        results.forEach(result -> committed.addAll(commitPortion(List.of(result), group)));
        return committed;
    }

    /** @return the rejection that aborted the transaction; empty: committed */
    private Optional<Throwable> attempt(List<ProcessedRecord> results, ConsumerGroupMetadata group) {
        try {
            producer.beginTransaction();
            Optional<Throwable> rejection = send(results);
            if (rejection.isPresent()) {
                producer.abortTransaction();
                return rejection;
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

    /** @return the first rejection of a record */
    private Optional<Throwable> send(List<ProcessedRecord> results) {
        List<CompletableFuture<RecordMetadata>> sent = results.stream()
                .flatMap(result -> result.outputs().stream())
                .map(this::send)
                .toList();
        producer.flush();
        return sent.stream()
                .filter(CompletableFuture::isCompletedExceptionally)
                .map(record -> record.handle((metadata, failure) -> failure).join())
                .filter(KafkaFailures::isRejection)
                .findFirst();
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

    private static ProcessedRecord alternative(ProcessedRecord result, Throwable rejection) {
        return result.alternative()
                .orElseThrow(() ->
                        DeadLetterRecords.rejected(Records.origin(result.input().record()), rejection))
                .apply(rejection);
    }

    /** With the leader epoch, the next consumer detects that records before the offset were lost and replaced. */
    private Map<TopicPartition, OffsetAndMetadata> nextOffsets(List<ProcessedRecord> results) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        for (ProcessedRecord result : results) {
            ConsumerRecord<byte[], byte[]> record = result.input().record();
            offsets.put(
                    PartitionAssignments.partition(record),
                    new OffsetAndMetadata(record.offset() + 1, record.leaderEpoch(), metadata));
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
