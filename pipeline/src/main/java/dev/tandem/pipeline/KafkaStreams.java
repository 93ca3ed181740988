package dev.tandem.pipeline;

import dev.tandem.actors.ModelActor;
import dev.tandem.actors.SamplerActor;
import dev.tandem.actors.Streams;
import dev.tandem.config.Settings;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.deadletter.DeadLetters;
import dev.tandem.pipeline.train.TrainingStream;
import dev.tandem.pipeline.translate.TranslationStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.kafka.javadsl.Consumer.DrainingControl;
import org.apache.pekko.stream.KillSwitches;
import org.apache.pekko.stream.SharedKillSwitch;

/**
 * The streams of one run.
 *
 * @param stopAfterPairs total of pairs the model is to have seen; empty: no end
 */
public record KafkaStreams(
        Settings settings, boolean train, boolean translate, OptionalLong stopAfterPairs, StreamEvents events)
        implements Streams {

    @Override
    public Running start(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            ModelActor.Description description) {
        KafkaClients clients = new KafkaClients(system, settings.kafka(), settings.topics());
        DeadLetters deadLetters = new DeadLetters(clients);
        SharedKillSwitch killSwitch = KillSwitches.shared("abort");
        List<DrainingControl<Done>> controls = new ArrayList<>();
        CompletableFuture<Done> finished = new CompletableFuture<>();
        if (train && !isDone(description)) {
            TrainingStream stream =
                    new TrainingStream(clients, settings, deadLetters, model, description.offsets(), events);
            stream.lastPairTrained().thenAccept(finished::complete);
            DrainingControl<Done> training = stream.run(remaining(description), killSwitch);
            training.streamCompletion().whenComplete((done, failure) -> failWith(finished, failure));
            controls.add(training);
        } else if (train) {
            finished.complete(Done.getInstance());
        }
        if (translate) {
            DrainingControl<Done> translating = new TranslationStream(
                            clients, settings, deadLetters, sampler, description.encodes(), events)
                    .run(killSwitch);
            translating.streamCompletion().whenComplete((done, failure) -> failWith(finished, failure));
            controls.add(translating);
        }
        return new Started(system, deadLetters, controls, killSwitch, finished);
    }

    private boolean isDone(ModelActor.Description description) {
        return stopAfterPairs.isPresent() && description.pairs() >= stopAfterPairs.getAsLong();
    }

    private OptionalLong remaining(ModelActor.Description description) {
        return stopAfterPairs.isPresent()
                ? OptionalLong.of(stopAfterPairs.getAsLong() - description.pairs())
                : OptionalLong.empty();
    }

    private static void failWith(CompletableFuture<Done> finished, Throwable failure) {
        if (failure != null) {
            finished.completeExceptionally(failure);
        }
    }

    private record Started(
            ActorSystem<?> system,
            DeadLetters deadLetters,
            List<DrainingControl<Done>> controls,
            SharedKillSwitch killSwitch,
            CompletableFuture<Done> finished)
            implements Running {

        @Override
        public CompletionStage<Done> drain() {
            CompletableFuture<?>[] draining = controls.stream()
                    .map(control ->
                            control.drainAndShutdown(system.executionContext()).toCompletableFuture())
                    .toArray(CompletableFuture[]::new);
            return CompletableFuture.allOf(draining).thenCompose(all -> deadLetters.close());
        }

        @Override
        public void abort() {
            killSwitch.abort(new IllegalStateException("aborted"));
            controls.forEach(DrainingControl::shutdown);
            deadLetters.close();
        }
    }
}
