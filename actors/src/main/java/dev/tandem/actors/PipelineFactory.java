package dev.tandem.actors;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** The streams that feed a model; the border behind which Kafka lies. */
@FunctionalInterface
public interface PipelineFactory {

    Running start(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            ModelActor.Description description);

    /** Streams under way. */
    interface Running {

        /** Completes when a bounded run has had all its pairs, or fails when a stream does. */
        CompletionStage<Done> finished();

        /** Takes nothing new, ends what is in flight, and completes when nothing is. */
        CompletionStage<Done> drain();

        /** Ends at once. */
        void abort();
    }
}
