package dev.tandem.actors;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** Starts the streams that connect a model to Kafka. The interface keeps Kafka out of this module. */
@FunctionalInterface
public interface PipelineFactory {

    /**
     * Starts the streams of a model.
     *
     * @param description state of the model; training resumes from its offsets
     */
    Running start(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            ModelActor.Description description);

    /** The streams must start again although nothing failed, for example because a topic got another partition. */
    class PlannedRestart extends RuntimeException {
        private static final long serialVersionUID = 1L;

        public PlannedRestart(String reason) {
            super(reason);
        }
    }

    /** Running streams. */
    interface Running {

        /**
         * Completes when a bounded run has trained on all its pairs; fails when a stream fails, and with a {@link
         * PlannedRestart}.
         */
        CompletionStage<Done> finished();

        /** Stops reading records, and completes when all work in progress is done. */
        CompletionStage<Done> drain();

        /** Stops the streams immediately and abandons work in progress. */
        void abort();
    }
}
