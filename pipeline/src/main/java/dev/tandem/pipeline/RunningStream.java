package dev.tandem.pipeline;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** A stream under way. */
public interface RunningStream {

    /** Completes with the stream, or fails with it. */
    CompletionStage<Done> completion();

    /** Takes nothing new, ends what is in flight, and completes when nothing is. */
    CompletionStage<Done> drain();

    /** Ends at once. */
    void abort();
}
