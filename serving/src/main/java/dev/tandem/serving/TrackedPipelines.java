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
 * Decorates the pipelines: reports their start and stop to {@link Readiness}, and connects {@link ModelClient} to the
 * model that they feed.
 *
 * @param onModelStarted is called with each new model, before its pipelines start
 */
public record TrackedPipelines(
        PipelineFactory pipelines,
        Readiness readiness,
        ModelClient modelClient,
        Consumer<ModelActor.Description> onModelStarted)
        implements PipelineFactory {

    @Override
    public Running start(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            ModelActor.Description description) {
        onModelStarted.accept(description);
        Running running = pipelines.start(system, model, sampler, description);
        modelClient.connect(system, model, sampler, description);
        readiness.onPipelinesStarted();
        return new TrackedRun(running);
    }

    private final class TrackedRun implements Running {
        private final Running running;

        private TrackedRun(Running running) {
            this.running = running;
        }

        @Override
        public CompletionStage<Done> finished() {
            return running.finished();
        }

        @Override
        public CompletionStage<Done> drain() {
            reportStop();
            return running.drain();
        }

        @Override
        public void abort() {
            reportStop();
            running.abort();
        }

        private void reportStop() {
            readiness.onPipelinesStopped();
            modelClient.disconnect();
        }
    }
}
