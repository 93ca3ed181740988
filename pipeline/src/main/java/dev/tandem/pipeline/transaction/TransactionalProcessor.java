package dev.tandem.pipeline.transaction;

import dev.tandem.pipeline.consume.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.common.KafkaException;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Consumes, transforms and produces in transactions, so that every record is processed exactly once.
 *
 * <p>Outputs and the next offsets of their inputs are committed in one transaction. It carries the generation of the
 * group member (KIP-447), so an instance that hung and lost its partitions is fenced and cannot commit.
 *
 * <p>{@link RecordPoller} reads on its own thread; {@link TransactionCommitter} commits on the caller's thread. A
 * rebalance waits for a commit in progress.
 */
public final class TransactionalProcessor {
    private static final Logger LOG = LoggerFactory.getLogger(TransactionalProcessor.class);

    private final PartitionAssignments assignments;
    private final RecordPoller poller;
    private final TransactionCommitter committer;

    TransactionalProcessor(
            Consumer<byte[], byte[]> consumer,
            Producer<byte[], byte[]> producer,
            String topic,
            OffsetSearch search,
            String offsetMetadata,
            java.util.function.Consumer<String> onRebalance) {
        this.assignments = new PartitionAssignments(consumer::groupMetadata, () -> onRebalance.accept(topic));
        this.committer = new TransactionCommitter(producer, offsetMetadata);
        // Initializing first ends an open transaction of this id, whose offsets could not be read otherwise.
        this.poller = new RecordPoller(
                consumer, topic, assignments, new OffsetRecovery(consumer, search, offsetMetadata), committer::init);
    }

    /**
     * Opens the clients. Nothing is read before {@link #records} runs.
     *
     * @param transactionalId unique id of this instance; an earlier processor with the same id is fenced
     * @param instance static name of the group member, if it is stable across restarts
     * @param search decides where to read if the group has no valid offset
     * @param offsetMetadata metadata of the committed offsets
     * @param onRebalance called with the topic when partitions were assigned
     */
    public static TransactionalProcessor open(
            KafkaClients clients,
            String topic,
            String group,
            String transactionalId,
            Optional<String> instance,
            OffsetSearch search,
            String offsetMetadata,
            java.util.function.Consumer<String> onRebalance) {
        Producer<byte[], byte[]> producer = clients.transactionalProducer(transactionalId);
        try {
            return new TransactionalProcessor(
                    clients.transactionalConsumer(group, instance),
                    producer,
                    topic,
                    search,
                    offsetMetadata,
                    onRebalance);
        } catch (RuntimeException e) {
            producer.close(Duration.ZERO);
            throw e;
        }
    }

    /**
     * Returns the records of the topic, from the committed offsets on. The source can run once. It completes after
     * {@link #drain} and fails with the consumer.
     */
    public Source<InputRecord, NotUsed> records() {
        return poller.records();
    }

    /** Completes {@link #records} after the records that were already read. Results can still be committed. */
    public void drain() {
        poller.drain();
    }

    /**
     * Commits outputs and next offsets of results, all or nothing for each result. Results whose partition was revoked
     * meanwhile are dropped, because the new owner processes their inputs again. Blocks until the broker has committed.
     *
     * @return the results as committed: a result that a topic rejected is replaced by its alternative
     * @throws KafkaException if the commit failed or its outcome is unknown; only a new processor can continue then
     */
    public List<ProcessedRecord> commit(List<ProcessedRecord> results) {
        synchronized (assignments) {
            List<ProcessedRecord> current = results.stream()
                    .filter(result -> assignments.isCurrent(result.input()))
                    .toList();
            if (current.size() < results.size()) {
                LOG.debug("dropped {} results of revoked partitions", results.size() - current.size());
            }
            return committer.commit(current, assignments.groupMetadata());
        }
    }

    /** Closes immediately; records without a commit are read again. Completes when the group has been left. */
    public CompletionStage<Done> close() {
        poller.stop();
        committer.close();
        return poller.leaveGroup();
    }
}
