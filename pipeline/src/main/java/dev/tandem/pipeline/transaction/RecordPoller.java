package dev.tandem.pipeline.transaction;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.OverflowStrategy;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.SourceQueueWithComplete;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls a topic on its own thread and hands the records to a stream with back-pressure.
 *
 * <p>The thread polls until {@link #stop}, so the instance stays a group member however long processing takes. While the
 * stream has no demand, the partitions are paused and polls return no records.
 */
final class RecordPoller {
    private static final Logger LOG = LoggerFactory.getLogger(RecordPoller.class);
    private static final Duration POLL_TIMEOUT = Duration.ofMillis(100);
    private static final Duration LEAVE_TIMEOUT = Duration.ofSeconds(5);

    private final Consumer<byte[], byte[]> consumer;
    private final String topic;
    private final PartitionAssignments assignments;
    private final OffsetRecovery recovery;
    private final Runnable beforeSubscribe;
    private final Thread thread;
    private final CompletableFuture<SourceQueueWithComplete<List<InputRecord>>> queue = new CompletableFuture<>();
    private final CompletableFuture<Done> groupLeft = new CompletableFuture<>();
    private volatile boolean draining;
    private volatile boolean stopped;

    /** @param beforeSubscribe runs once on the polling thread, before the group's offsets are read */
    RecordPoller(
            Consumer<byte[], byte[]> consumer,
            String topic,
            PartitionAssignments assignments,
            OffsetRecovery recovery,
            Runnable beforeSubscribe) {
        this.consumer = consumer;
        this.topic = topic;
        this.assignments = assignments;
        this.recovery = recovery;
        this.beforeSubscribe = beforeSubscribe;
        this.thread = new Thread(this::run, "poll-" + topic);
        thread.setDaemon(true);
    }

    /** Returns the records from the committed offsets on. The source can run once, and its run starts the thread. */
    Source<InputRecord, NotUsed> records() {
        return Source.<List<InputRecord>>queue(1, OverflowStrategy.backpressure())
                .mapMaterializedValue(materialized -> {
                    queue.complete(materialized);
                    thread.start();
                    return NotUsed.getInstance();
                })
                .mapConcat(records -> records);
    }

    /** Completes the source; the thread continues to poll without reading, to stay in the group. */
    void drain() {
        draining = true;
    }

    /** Ends the thread, which then leaves the group. */
    void stop() {
        stopped = true;
    }

    /** Completes when the group has been left, after {@link #stop}. */
    CompletionStage<Done> leaveGroup() {
        if (!queue.isDone()) {
            closeConsumer();
        }
        return groupLeft;
    }

    private void run() {
        SourceQueueWithComplete<List<InputRecord>> records = queue.join();
        try {
            beforeSubscribe.run();
            consumer.subscribe(List.of(topic), assignments);
            handOver(records);
            records.complete();
            // The last results can only be committed by a group member.
            while (!stopped) {
                poll(false);
            }
        } catch (RuntimeException | Error e) {
            // Errors too: otherwise the stream would wait for records for ever.
            records.fail(e);
        } finally {
            closeConsumer();
        }
    }

    private void handOver(SourceQueueWithComplete<List<InputRecord>> records) {
        CompletableFuture<?> accepted = CompletableFuture.completedFuture(null);
        List<InputRecord> pending = List.of();
        while (!draining
                && !stopped
                && !records.watchCompletion().toCompletableFuture().isDone()) {
            if (accepted.isDone() && !pending.isEmpty()) {
                accepted = records.offer(pending).toCompletableFuture();
                // Ends a poll of paused partitions, which would delay the next record.
                accepted.whenComplete((result, failure) -> consumer.wakeup());
                pending = List.of();
            }
            // Can return records without demand too: partitions assigned during the poll are not paused yet.
            List<InputRecord> polled = poll(accepted.isDone());
            pending = Stream.concat(pending.stream(), polled.stream()).toList();
        }
    }

    private List<InputRecord> poll(boolean read) {
        if (read) {
            consumer.resume(consumer.assignment());
        } else {
            consumer.pause(consumer.assignment());
        }
        ConsumerRecords<byte[], byte[]> records = pollConsumer();
        assignments.refreshGroupMetadata();
        return StreamSupport.stream(records.spliterator(), false)
                .map(assignments::input)
                .toList();
    }

    private ConsumerRecords<byte[], byte[]> pollConsumer() {
        try {
            return consumer.poll(POLL_TIMEOUT);
        } catch (WakeupException e) {
            return ConsumerRecords.empty();
        } catch (InvalidOffsetException e) {
            recovery.recover(e);
            return ConsumerRecords.empty();
        }
    }

    private void closeConsumer() {
        try {
            consumer.close(CloseOptions.timeout(LEAVE_TIMEOUT));
        } catch (KafkaException e) {
            LOG.debug("could not leave the group; it removes this member after the session timeout", e);
        } finally {
            groupLeft.complete(Done.getInstance());
        }
    }
}
