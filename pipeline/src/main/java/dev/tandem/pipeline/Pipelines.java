package dev.tandem.pipeline;

import dev.tandem.actors.ModelActor;
import dev.tandem.actors.PipelineFactory;
import dev.tandem.actors.SamplerActor;
import dev.tandem.config.Settings;
import dev.tandem.pipeline.broker.TopicLimits;
import dev.tandem.pipeline.broker.TopicMonitor;
import dev.tandem.pipeline.broker.TopicProblem;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.offsets.SourcesTopic;
import dev.tandem.pipeline.train.PairsTopic;
import dev.tandem.pipeline.train.TrainingStream;
import dev.tandem.pipeline.translate.TranslationStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the streams of one run. The streams start as soon as all topics exist, without a time limit. */
public final class Pipelines implements PipelineFactory {
    private static final Logger LOG = LoggerFactory.getLogger(Pipelines.class);

    private final Settings settings;
    private final boolean train;
    private final boolean translate;
    private final OptionalLong stopAfterPairs;
    private final PipelineListener listener;
    private final String instanceId;
    private final AtomicBoolean topicsExisted = new AtomicBoolean();

    private record InputTopics(PairsTopic pairs, SourcesTopic sources) {}

    /** @param stopAfterPairs total number of pairs of the model, earlier runs included; empty: no limit */
    public Pipelines(
            Settings settings,
            boolean train,
            boolean translate,
            OptionalLong stopAfterPairs,
            PipelineListener listener) {
        this.settings = settings;
        this.train = train;
        this.translate = translate;
        this.stopAfterPairs = stopAfterPairs;
        this.listener = listener;
        this.instanceId =
                settings.run().instance().orElseGet(() -> UUID.randomUUID().toString());
    }

    @Override
    public Running start(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            ModelActor.Description description) {
        KafkaClients clients = new KafkaClients(system, settings.kafka(), settings.topics());
        TopicMonitor monitor = new TopicMonitor(system, settings, groupsByTopic(), topicsExisted.get(), listener);
        PipelineHandle handle = new PipelineHandle(monitor);
        monitor.changed().thenAccept(handle::fail);
        if (!topicsExisted.get()) {
            monitor.topics()
                    .thenCompose(topics -> monitor.limits(topics.keySet()))
                    .whenComplete(this::warnAboutTopics);
        }
        monitor.topics()
                .thenCompose(topics -> inputTopics(monitor, topics, description))
                // Not on the admin client's thread: closing the client needs that thread.
                .thenAcceptAsync(
                        inputs -> {
                            topicsExisted.set(true);
                            handle.start(() -> startStreams(clients, model, sampler, description, inputs, handle));
                        },
                        system.executionContext())
                .exceptionally(failure -> {
                    handle.fail(failure);
                    return null;
                });
        return handle;
    }

    private void warnAboutTopics(Map<String, TopicLimits> limits, Throwable failure) {
        if (failure != null) {
            LOG.debug("the settings of the topics are not checked, because they cannot be read", failure);
            return;
        }
        TopicProblem.of(settings.topics(), limits.values())
                .forEach(problem -> LOG.warn("the topic {} {}; {}", problem.topic(), problem.found(), problem.fix()));
    }

    private CompletionStage<InputTopics> inputTopics(
            TopicMonitor monitor, Map<String, TopicDescription> topics, ModelActor.Description description) {
        TopicDescription pairs = topics.get(settings.topics().pairs());
        SourcesTopic sources = SourcesTopic.of(topics.get(settings.topics().sources()));
        return monitor.offsetRanges(pairs)
                .thenApply(ranges -> new InputTopics(
                        PairsTopic.from(
                                description.offsets(),
                                pairs.name(),
                                pairs.topicId().toString(),
                                ranges),
                        sources));
    }

    private Map<String, String> groupsByTopic() {
        Map<String, String> groups = new TreeMap<>();
        if (train) {
            groups.put(settings.topics().pairs(), settings.run().group());
        }
        if (translate) {
            groups.put(settings.topics().sources(), settings.run().translateGroup());
        }
        return groups;
    }

    private List<RunningStream> startStreams(
            KafkaClients clients,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            ModelActor.Description description,
            InputTopics inputs,
            PipelineHandle handle) {
        List<RunningStream> streams = new ArrayList<>();
        if (train && !isComplete(description)) {
            TrainingStream training = new TrainingStream(
                    clients, settings, model, inputs.pairs(), handle.monitor()::recordOffsets, listener);
            training.lastPairTrained().thenAccept(last -> handle.finish());
            streams.add(training.run(remainingPairs(description)));
        } else if (train) {
            handle.finish();
        }
        if (translate) {
            streams.add(TranslationStream.start(
                    clients, settings, inputs.sources(), sampler, description.hasEncoder(), instanceId, listener));
        }
        return streams;
    }

    private boolean isComplete(ModelActor.Description description) {
        return stopAfterPairs.isPresent() && description.pairs() >= stopAfterPairs.getAsLong();
    }

    private OptionalLong remainingPairs(ModelActor.Description description) {
        return stopAfterPairs.isPresent()
                ? OptionalLong.of(stopAfterPairs.getAsLong() - description.pairs())
                : OptionalLong.empty();
    }
}
