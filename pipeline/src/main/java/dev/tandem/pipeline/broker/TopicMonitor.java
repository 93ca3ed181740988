package dev.tandem.pipeline.broker;

import dev.tandem.config.KafkaSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TopicSettings;
import dev.tandem.pipeline.PipelineListener;
import java.time.Duration;
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
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds whether the broker answers, whether the topics are there and still the same, and how much
 * waits in them. Says once what is amiss, and once that it is over.
 */
public final class TopicMonitor implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(TopicMonitor.class);

    private final KafkaSettings kafka;
    private final TopicSettings settings;
    /** Made at the first look that can: while a broker's name is not known, none can be. */
    private Optional<TopicAdmin> admin = Optional.empty();

    private final Map<String, String> groups;
    private final boolean patient;
    private final PipelineListener events;
    private final CompletableFuture<Map<String, TopicDescription>> first = new CompletableFuture<>();
    private final CompletableFuture<TopicChanged> changed = new CompletableFuture<>();
    private final Map<TopicPartition, Long> read = new ConcurrentHashMap<>();
    private final Cancellable looking;
    private Map<TopicPartition, Long> published = Map.of();
    private volatile boolean closed;
    private Optional<String> trouble = Optional.empty();

    /** A topic is gone, or another one has its name. */
    public static final class TopicChanged extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TopicChanged(String message) {
            super(message);
        }
    }

    /**
     * Begins to look.
     *
     * @param groups the group that reads a topic, by topic
     * @param patient whether topics that are missing and may not be created are waited for, as they have been there
     */
    public TopicMonitor(
            ActorSystem<?> system, Settings all, Map<String, String> groups, boolean patient, PipelineListener events) {
        this.settings = all.topics();
        this.kafka = all.kafka();
        this.patient = patient;
        this.groups = Map.copyOf(groups);
        this.events = events;
        this.looking = Source.tick(Duration.ZERO, settings.watchEvery(), Done.getInstance())
                .conflate((before, tick) -> tick)
                .mapAsync(1, tick -> look())
                .to(Sink.ignore())
                .run(system);
    }

    /**
     * Completes with the topics when all are there, which may take as long as the broker does.
     *
     * @return fails with a {@link SettingsException} if a topic may not or cannot be created
     */
    public CompletionStage<Map<String, TopicDescription>> topics() {
        return first;
    }

    /** The offsets that each partition of a topic has now. */
    public CompletionStage<Map<TopicPartition, OffsetRange>> offsetRanges(TopicDescription topic) {
        return admin().offsetRanges(topic);
    }

    /** Completes when a topic has gone, been made anew or got more partitions. */
    public CompletionStage<TopicChanged> changed() {
        return changed;
    }

    /** Takes note of what the reader of pairs has read, which is no member of its group, to say so in the group's name. */
    public void read(Map<TopicPartition, Long> next) {
        read.putAll(next);
    }

    /** Says for the last time how far the reader of pairs has come; completes whether or not that succeeds. */
    public CompletionStage<Done> publish() {
        Map<TopicPartition, Long> now = Map.copyOf(read);
        if (now.equals(published)) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        return admin().publish(groups.get(settings.pairs()), now).handle((done, failure) -> {
            if (failure == null) {
                published = now;
            } else {
                LOG.debug("the group's offsets were not published", failure);
            }
            return Done.getInstance();
        });
    }

    @Override
    public void close() {
        looking.cancel();
        // Not under the lock: what is on its way may want it.
        noMore().ifPresent(TopicAdmin::close);
    }

    private synchronized Optional<TopicAdmin> noMore() {
        closed = true;
        return admin;
    }

    private synchronized TopicAdmin admin() {
        if (closed) {
            throw new IllegalStateException("the watch has ended");
        }
        TopicAdmin made = admin.orElseGet(() -> new TopicAdmin(kafka, settings, settings.adminTimeout()));
        admin = Optional.of(made);
        return made;
    }

    private CompletionStage<Done> look() {
        List<String> names =
                List.of(settings.pairs(), settings.sources(), settings.translations(), settings.deadLetters());
        return CompletableFuture.completedFuture(names)
                .thenCompose(all -> first.isDone() ? admin().describe(all) : admin().ensure(all))
                .thenCompose(topics -> seen(names, topics))
                .handle((done, failure) -> {
                    if (failure != null) {
                        failed(TopicAdmin.cause(failure));
                    }
                    return Done.getInstance();
                });
    }

    private CompletionStage<Done> seen(List<String> names, Map<String, TopicDescription> topics) {
        List<String> gone =
                names.stream().filter(name -> !topics.containsKey(name)).toList();
        if (!gone.isEmpty()) {
            // Those that were created a moment ago may not be known everywhere yet.
            if (first.isDone()) {
                change("the topics " + gone + " are gone");
            }
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        if (!first.complete(topics)) {
            topics.values().forEach(topic -> compare(first.join().get(topic.name()), topic));
        }
        if (changed.isDone()) {
            return CompletableFuture.completedFuture(Done.getInstance());
        }
        return publish().thenCompose(done -> lags(topics)).thenApply(lag -> {
            over();
            events.onBrokerState(new BrokerState.Available(lag));
            return Done.getInstance();
        });
    }

    private CompletionStage<Map<TopicPartition, Long>> lags(Map<String, TopicDescription> topics) {
        CompletionStage<Map<TopicPartition, Long>> all = CompletableFuture.completedFuture(Map.of());
        for (Map.Entry<String, String> group : groups.entrySet()) {
            all = all.thenCombine(admin().lag(topics.get(group.getKey()), group.getValue()), TopicMonitor::joined);
        }
        return all;
    }

    private static <K, V> Map<K, V> joined(Map<K, V> some, Map<K, V> others) {
        Map<K, V> all = new HashMap<>(some);
        all.putAll(others);
        return all;
    }

    private void compare(TopicDescription before, TopicDescription now) {
        if (!before.topicId().equals(now.topicId())) {
            change("the topic " + now.name() + " has been deleted and made anew");
        } else if (before.partitions().size() != now.partitions().size()) {
            change("the topic " + now.name() + " has " + now.partitions().size() + " partitions now");
        }
    }

    private void change(String what) {
        events.onBrokerState(new BrokerState.Unavailable(what));
        if (changed.complete(new TopicChanged(what))) {
            LOG.warn("{}; going on with the topics there will be", what);
        }
    }

    private void failed(Throwable cause) {
        if (!patient && cause instanceof SettingsException wrong && first.completeExceptionally(wrong)) {
            return;
        }
        if (closed) {
            return;
        }
        String message = cause.getMessage();
        events.onBrokerState(new BrokerState.Unavailable(message));
        if (trouble.isEmpty()) {
            LOG.warn("{}; waiting for it (kafka.bootstrap-servers says where)", message);
        }
        trouble = Optional.of(message);
    }

    private void over() {
        trouble.ifPresent(past -> LOG.info("the broker is there"));
        trouble = Optional.empty();
    }
}
