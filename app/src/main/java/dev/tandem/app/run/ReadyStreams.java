package dev.tandem.app.run;

import dev.tandem.actors.ModelActor;
import dev.tandem.actors.SamplerActor;
import dev.tandem.actors.Streams;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** Streams that say whether they run. */
record ReadyStreams(Streams streams, Readiness readiness) implements Streams {

    @Override
    public Running start(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            ModelActor.Description description) {
        Running running = streams.start(system, model, sampler, description);
        readiness.streamsUp();
        return new Running() {
            @Override
            public CompletionStage<Done> finished() {
                return running.finished();
            }

            @Override
            public CompletionStage<Done> drain() {
                readiness.streamsDown();
                return running.drain();
            }

            @Override
            public void abort() {
                readiness.streamsDown();
                running.abort();
            }
        };
    }
}
