package dev.tandem.pipeline;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** A stream that was started. */
public interface RunningStream {

    /** Completes when the stream ends, and fails when the stream fails. */
    CompletionStage<Done> completion();

    /** Stops reading and completes when all records in flight are processed. */
    CompletionStage<Done> drain();

    /** Stops immediately; records in flight are dropped. */
    void abort();
}
