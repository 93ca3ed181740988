package dev.tandem.clients.consume;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.clients.RecordFiles;
import dev.tandem.config.KafkaSettings;
import dev.tandem.config.UserError;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.deadletter.DeadLetterRecords;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;

/** Writes the records of a topic to files, and commits the offset of each record after its file is written. */
public final class RecordConsumer implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(500);

    private final KafkaSettings kafka;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final RecordFiles files;
    private final Limits limits;
    private long count;
    private long lastRecordNanos;
    private volatile boolean stopped;

    /**
     * When a consumer ends by itself.
     *
     * @param maxRecords after this number of records; empty: no limit
     * @param idleTimeout after this time without a record; empty: no limit
     */
    public record Limits(Optional<Long> maxRecords, Optional<Duration> idleTimeout) {}

    private RecordConsumer(
            KafkaSettings kafka, KafkaConsumer<byte[], byte[]> consumer, RecordFiles files, Limits limits) {
        this.kafka = kafka;
        this.consumer = consumer;
        this.files = files;
        this.limits = limits;
    }

    /**
     * Subscribes to a topic.
     *
     * @param group the consumer group, whose committed offsets are the start
     * @throws UserError if no consumer can be created
     */
    public static RecordConsumer subscribe(
            KafkaSettings kafka, String group, String topic, RecordFiles files, Limits limits) {
        return KafkaToolClients.withUserErrors(kafka, () -> {
            KafkaConsumer<byte[], byte[]> consumer = KafkaToolClients.consumer(kafka, group);
            consumer.subscribe(List.of(topic));
            return new RecordConsumer(kafka, consumer, files, limits);
        });
    }

    /**
     * Writes records until a limit is reached or {@link #stop} is called.
     *
     * @return the number of records
     * @throws UserError if Kafka refuses a request
     */
    public long run() {
        return KafkaToolClients.withUserErrors(kafka, this::writeRecords);
    }

    /** Ends {@link #run}. Any thread may call it. */
    public void stop() {
        stopped = true;
        consumer.wakeup();
    }

    @Override
    public void close() {
        KafkaToolClients.withUserErrors(kafka, () -> {
            consumer.close();
            return count;
        });
    }

    private long writeRecords() {
        lastRecordNanos = System.nanoTime();
        try {
            while (!stopped && isBelowMax() && !isIdle()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    if (isBelowMax()) {
                        process(record);
                    }
                }
            }
        } catch (WakeupException e) {
            // stop() was called during a request to the broker.
        }
        return count;
    }

    private void process(ConsumerRecord<byte[], byte[]> record) {
        // A receipt of a replayed dead letter has no content to write.
        if (Records.header(record, DeadLetterRecords.REPLAYED).isEmpty()) {
            files.write(record);
        }
        count++;
        lastRecordNanos = System.nanoTime();
        consumer.commitSync(Map.of(
                new TopicPartition(record.topic(), record.partition()), new OffsetAndMetadata(record.offset() + 1)));
    }

    private boolean isBelowMax() {
        return limits.maxRecords().map(max -> count < max).orElse(true);
    }

    private boolean isIdle() {
        return limits.idleTimeout()
                .map(timeout -> System.nanoTime() - lastRecordNanos > timeout.toNanos())
                .orElse(false);
    }
}
