package dev.tandem.app.run;

import dev.tandem.actors.ModelActor;
import dev.tandem.actors.SamplerActor;
import dev.tandem.actors.Streams;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** Streams that say whether they run. */
record ReadyStreams(Streams streams, AtomicBoolean ready) implements Streams {

    @Override
    public Running start(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            ModelActor.Description description) {
        Running running = streams.start(system, model, sampler, description);
        ready.set(true);
        return new Running() {
            @Override
            public CompletionStage<Done> finished() {
                return running.finished();
            }

            @Override
            public CompletionStage<Done> drain() {
                ready.set(false);
                return running.drain();
            }

            @Override
            public void abort() {
                ready.set(false);
                running.abort();
            }
        };
    }
}
