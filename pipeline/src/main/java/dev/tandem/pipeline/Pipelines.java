package dev.tandem.pipeline;

import dev.tandem.actors.ModelActor;
import dev.tandem.actors.PipelineFactory;
import dev.tandem.actors.SamplerActor;
import dev.tandem.config.Settings;
import dev.tandem.pipeline.broker.TopicMonitor;
import dev.tandem.pipeline.consume.KafkaClients;
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

/** The streams of one run. They begin when the topics are there, however long that takes. */
public final class Pipelines implements PipelineFactory {
    private final Settings settings;
    private final boolean train;
    private final boolean translate;
    private final OptionalLong stopAfterPairs;
    private final PipelineListener events;
    private final String member;
    private final AtomicBoolean hadTopics = new AtomicBoolean();

    /** @param stopAfterPairs total of pairs the model is to have seen; empty: no end */
    public Pipelines(
            Settings settings, boolean train, boolean translate, OptionalLong stopAfterPairs, PipelineListener events) {
        this.settings = settings;
        this.train = train;
        this.translate = translate;
        this.stopAfterPairs = stopAfterPairs;
        this.events = events;
        this.member =
                settings.run().instance().orElseGet(() -> UUID.randomUUID().toString());
    }

    @Override
    public Running start(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            ModelActor.Description description) {
        KafkaClients clients = new KafkaClients(system, settings.kafka(), settings.topics());
        TopicMonitor watch = new TopicMonitor(system, settings, readers(), hadTopics.get(), events);
        PipelineHandle started = new PipelineHandle(watch);
        watch.changed().thenAccept(started::fail);
        watch.topics()
                .thenCompose(topics -> pairs(watch, topics, description))
                // On a thread of ours: the admin client's must be free when it is closed.
                .thenAcceptAsync(
                        pairs -> {
                            hadTopics.set(true);
                            started.begin(() -> streams(clients, model, sampler, description, pairs, started));
                        },
                        system.executionContext())
                .exceptionally(failure -> {
                    started.fail(failure);
                    return null;
                });
        return started;
    }

    private CompletionStage<PairsTopic> pairs(
            TopicMonitor watch, Map<String, TopicDescription> topics, ModelActor.Description description) {
        TopicDescription pairs = topics.get(settings.topics().pairs());
        return watch.offsetRanges(pairs)
                .thenApply(offsetRanges -> PairsTopic.from(
                        description.offsets(), pairs.name(), pairs.topicId().toString(), offsetRanges));
    }

    private Map<String, String> readers() {
        Map<String, String> readers = new TreeMap<>();
        if (train) {
            readers.put(settings.topics().pairs(), settings.run().group());
        }
        if (translate) {
            readers.put(settings.topics().sources(), settings.run().translateGroup());
        }
        return readers;
    }

    private List<RunningStream> streams(
            KafkaClients clients,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            ModelActor.Description description,
            PairsTopic pairs,
            PipelineHandle started) {
        List<RunningStream> streams = new ArrayList<>();
        if (train && !isDone(description)) {
            TrainingStream training =
                    new TrainingStream(clients, settings, model, pairs, started.watch()::read, events);
            training.lastPairTrained().thenAccept(last -> started.finish());
            streams.add(training.run(remaining(description)));
        } else if (train) {
            started.finish();
        }
        if (translate) {
            streams.add(TranslationStream.start(clients, settings, sampler, description.hasEncoder(), member, events));
        }
        return streams;
    }

    private boolean isDone(ModelActor.Description description) {
        return stopAfterPairs.isPresent() && description.pairs() >= stopAfterPairs.getAsLong();
    }

    private OptionalLong remaining(ModelActor.Description description) {
        return stopAfterPairs.isPresent()
                ? OptionalLong.of(stopAfterPairs.getAsLong() - description.pairs())
                : OptionalLong.empty();
    }
}
