package dev.tandem.pipeline.broker;

import dev.tandem.actors.PipelineFactory.PlannedRestart;
import dev.tandem.config.KafkaSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TopicSettings;
import dev.tandem.pipeline.PipelineListener;
import dev.tandem.pipeline.consume.BrokerUnreachable;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.pekko.Done;
import org.apache.pekko.actor.Cancellable;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.pattern.Patterns;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Checks periodically ({@code topics.watch-every}) whether the broker answers and the topics are unchanged, and measures
 * consumer lag. Each outage is logged once when it begins and once when it ends.
 */
public final class TopicMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicMonitor.class);

    private final ActorSystem<?> system;
    private final KafkaSettings kafka;
    private final TopicSettings settings;
    /** Created on first use. Creation fails, and is retried, while the broker's host name is unknown. */
    private Optional<TopicAdmin> admin = Optional.empty();

    private final Map<String, String> groupsByTopic;
    private final boolean waitForTopics;
    private final PipelineListener listener;
    private final CompletableFuture<Map<String, TopicDescription>> initialTopics = new CompletableFuture<>();
    private final CompletableFuture<TopicChanged> changed = new CompletableFuture<>();
    private final Map<TopicPartition, Long> trainingOffsets = new ConcurrentHashMap<>();
    private final Cancellable checks;
    private Map<TopicPartition, Long> publishedOffsets = Map.of();
    private volatile boolean closed;
    private boolean outage;

    /** A topic was deleted, created again or got another number of partitions. */
    public static final class TopicChanged extends PlannedRestart {
        private static final long serialVersionUID = 1L;

        TopicChanged(String message) {
            super(message);
        }
    }

    /**
     * Starts the checks.
     *
     * @param groupsByTopic the consumer group of each topic whose lag is measured
     * @param waitForTopics whether to wait for topics that are missing and may not be created; otherwise {@link #topics}
     *     fails
     */
    public TopicMonitor(
            ActorSystem<?> system,
            Settings settings,
            Map<String, String> groupsByTopic,
            boolean waitForTopics,
            PipelineListener listener) {
        this.system = system;
        this.settings = settings.topics();
        this.kafka = settings.kafka();
        this.waitForTopics = waitForTopics;
        this.groupsByTopic = Map.copyOf(groupsByTopic);
        this.listener = listener;
        this.checks = Source.tick(Duration.ZERO, this.settings.watchEvery(), Done.getInstance())
                .conflate((before, tick) -> tick)
                .mapAsync(1, tick -> check())
                .to(Sink.ignore())
                .run(system);
    }

    /**
     * Completes when all topics exist. Missing topics are created if the settings allow it.
     *
     * @return descriptions by name; fails with a {@link SettingsException} if a missing topic cannot be created
     */
    public CompletionStage<Map<String, TopicDescription>> topics() {
        return initialTopics;
    }

    /** Returns the offsets that exist now in each partition of a topic. Waits for the brokers without a limit. */
    public CompletionStage<Map<TopicPartition, OffsetRange>> offsetRanges(TopicDescription topic) {
        return Patterns.retry(
                () -> admin().offsetRanges(topic),
                (ranges, failure) -> TopicAdmin.unwrapped(failure) instanceof BrokerUnreachable,
                Integer.MAX_VALUE,
                settings.watchEvery(),
                system);
    }

    /** Returns the limits of topics, by name. */
    public CompletionStage<Map<String, TopicLimits>> limits(Collection<String> topics) {
        return admin().limits(topics);
    }

    /** Completes when a topic was deleted, created again or got another number of partitions. */
    public CompletionStage<TopicChanged> changed() {
        return changed;
    }

    /** Records the next offsets of the training stream for {@link #publishOffsets}. */
    public void recordOffsets(Map<TopicPartition, Long> nextOffsets) {
        trainingOffsets.putAll(nextOffsets);
    }

    /**
     * Commits the recorded offsets for the training group. The training stream is not a group member and reads its own
     * offsets from the checkpoint; the committed ones are for users and tools. Also completes if the commit fails.
     */
    public CompletionStage<Done> publishOffsets() {
        Map<TopicPartition, Long> offsets = Map.copyOf(trainingOffsets);
        if (offsets.equals(publishedOffsets)) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        return admin().commit(groupsByTopic.get(settings.pairs()), offsets).handle((done, failure) -> {
            if (failure == null) {
                publishedOffsets = offsets;
            } else {
                LOG.debug("the offsets of the training group were not committed", failure);
            }
            return Done.getInstance();
        });
    }

    @Override
    public void close() {
        checks.cancel();
        // Outside the lock, because a check in progress may need the lock to finish.
        markClosed().ifPresent(TopicAdmin::close);
    }

    private synchronized Optional<TopicAdmin> markClosed() {
        closed = true;
        return admin;
    }

    private synchronized TopicAdmin admin() {
        if (closed) {
            throw new IllegalStateException("the topic monitor is closed");
        }
        TopicAdmin current = admin.orElseGet(() -> new TopicAdmin(kafka, settings, settings.adminTimeout()));
        admin = Optional.of(current);
        return current;
    }

    private CompletionStage<Done> check() {
        List<String> names =
                List.of(settings.pairs(), settings.sources(), settings.translations(), settings.deadLetters());
        return CompletableFuture.completedFuture(names)
                .thenCompose(all -> initialTopics.isDone() ? admin().describe(all) : admin().ensure(all))
                .thenCompose(topics -> onDescribed(names, topics))
                .handle((done, failure) -> {
                    if (failure != null) {
                        onFailure(TopicAdmin.unwrapped(failure));
                    }
                    return Done.getInstance();
                });
    }

    private CompletionStage<Done> onDescribed(List<String> names, Map<String, TopicDescription> topics) {
        List<String> missing =
                names.stream().filter(name -> !topics.containsKey(name)).toList();
        if (!missing.isEmpty()) {
            // A topic that was just created may not be described yet, so only a topic that was described can be
            // missing.
            if (initialTopics.isDone()) {
                onChange("the topics " + missing + " no longer exist", Level.WARN);
            }
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        if (!initialTopics.complete(topics)) {
            topics.values().forEach(topic -> compare(initialTopics.join().get(topic.name()), topic));
        }
        if (changed.isDone()) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        return publishOffsets().thenCombine(lag(topics), (done, lag) -> {
            onRecovered();
            listener.onBrokerState(new BrokerState.Available(lag));
            return Done.getInstance();
        });
    }

    private CompletionStage<Map<TopicPartition, Long>> lag(Map<String, TopicDescription> topics) {
        CompletionStage<Map<TopicPartition, Long>> all = CompletableFuture.completedFuture(Map.of());
        for (Map.Entry<String, String> group : groupsByTopic.entrySet()) {
            all = all.thenCombine(admin().lag(topics.get(group.getKey()), group.getValue()), TopicMonitor::merged);
        }
        return all;
    }

    private static <K, V> Map<K, V> merged(Map<K, V> first, Map<K, V> second) {
        Map<K, V> all = new HashMap<>(first);
        all.putAll(second);
        return all;
    }

    private void compare(TopicDescription before, TopicDescription now) {
        int partitions = now.partitions().size();
        if (!before.topicId().equals(now.topicId())) {
            onChange("the topic " + now.name() + " was deleted and created again", Level.WARN);
        } else if (before.partitions().size() != partitions) {
            onChange(
                    "the topic " + now.name() + " has " + partitions + " partitions instead of "
                            + before.partitions().size(),
                    Level.INFO);
        }
    }

    private void onChange(String change, Level level) {
        listener.onBrokerState(new BrokerState.Unavailable(change));
        if (changed.complete(new TopicChanged(change))) {
            LOG.atLevel(level).log("{}; the streams restart", change);
        }
    }

    private void onFailure(Throwable cause) {
        if (!waitForTopics && cause instanceof SettingsException wrong && initialTopics.completeExceptionally(wrong)) {
            return;
        }
        if (closed) {
            return;
        }
        listener.onBrokerState(new BrokerState.Unavailable(cause.getMessage()));
        if (!outage) {
            LOG.warn("{}; the run waits and retries (kafka.bootstrap-servers sets the address)", cause.getMessage());
        }
        outage = true;
    }

    private void onRecovered() {
        if (outage) {
            LOG.info("the broker is available");
        }
        outage = false;
    }
}
