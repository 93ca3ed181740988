package dev.tandem.serving;

import dev.tandem.actors.ModelActor;
import dev.tandem.actors.PipelineFactory;
import dev.tandem.actors.SamplerActor;
import dev.tandem.serving.metrics.Readiness;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Streams that say whether they run, and which model they feed.
 *
 * @param began told of each model that begins
 */
public record TrackedPipelines(
        PipelineFactory streams, Readiness readiness, ModelClient live, Consumer<ModelActor.Description> began)
        implements PipelineFactory {

    @Override
    public Running start(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            ModelActor.Description description) {
        began.accept(description);
        Running running = streams.start(system, model, sampler, description);
        live.present(system, model, sampler, description);
        readiness.streamsUp();
        return new Running() {
            @Override
            public CompletionStage<Done> finished() {
                return running.finished();
            }

            @Override
            public CompletionStage<Done> drain() {
                down();
                return running.drain();
            }

            @Override
            public void abort() {
                down();
                running.abort();
            }

            private void down() {
                readiness.streamsDown();
                live.absent();
            }
        };
    }
}
