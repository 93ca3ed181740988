package dev.tandem.pipeline.transaction;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RebalanceInProgressException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Moves a consumer to new positions if its own are invalid. Used by the polling thread only.
 *
 * <p>The search runs on its own thread, so that the polling thread continues to poll and the instance stays a member of
 * the group. The new positions are committed at once: a second search after a crash could find others.
 */
final class OffsetRecovery {
    private static final Logger LOG = LoggerFactory.getLogger(OffsetRecovery.class);
    private static final Duration WAIT = Duration.ofMillis(100);

    private final Consumer<byte[], byte[]> consumer;
    private final OffsetSearch search;
    private final String metadata;
    private Optional<CompletableFuture<Map<TopicPartition, Long>>> pending = Optional.empty();

    /** @param metadata of the offsets to commit */
    OffsetRecovery(Consumer<byte[], byte[]> consumer, OffsetSearch search, String metadata) {
        this.consumer = consumer;
        this.search = search;
        this.metadata = metadata;
    }

    /**
     * Starts the search, or ends it if it has found the positions. Called for each failed poll.
     *
     * @throws org.apache.kafka.common.KafkaException if the search failed
     */
    void recover(InvalidOffsetException failure) {
        CompletableFuture<Map<TopicPartition, Long>> found = pending.orElseGet(() -> start(failure));
        pending = Optional.of(found);
        try {
            Map<TopicPartition, Long> positions = found.get(WAIT.toMillis(), TimeUnit.MILLISECONDS);
            pending = Optional.empty();
            moveTo(positions, failure.partitions());
        } catch (TimeoutException e) {
            LOG.trace("the search for offsets continues", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private CompletableFuture<Map<TopicPartition, Long>> start(InvalidOffsetException failure) {
        return CompletableFuture.supplyAsync(() -> search.find(failure), task -> {
            Thread thread = new Thread(task, "offset-search");
            thread.setDaemon(true);
            thread.start();
        });
    }

    /** @param lost partitions that are still without a position: others were lost to another member meanwhile */
    private void moveTo(Map<TopicPartition, Long> positions, Set<TopicPartition> lost) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach((partition, offset) -> offsets.put(partition, new OffsetAndMetadata(offset, metadata)));
        offsets.keySet().retainAll(lost);
        try {
            consumer.commitSync(offsets);
            offsets.forEach((partition, offset) -> consumer.seek(partition, offset.offset()));
        } catch (CommitFailedException | RebalanceInProgressException e) {
            LOG.debug("a rebalance began during the search for offsets; the next owner of a partition repeats it", e);
        }
    }
}
