package dev.tandem.serving.http;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Sink;

/** The response to a request whose body is not used. */
final class Refusal {
    private Refusal() {}

    /**
     * Reads and discards the body, and then responds.
     *
     * <p>Many clients read no response before they have sent the whole body. They would lose a response that is sent
     * earlier, because the connection is closed after it.
     *
     * @param timeout maximum time for the body; then the response is sent in any case
     */
    static CompletionStage<HttpResponse> afterBody(
            HttpEntity body, HttpResponse response, Duration timeout, ActorSystem<?> system) {
        return body.withoutSizeLimit()
                .getDataBytes()
                .completionTimeout(timeout)
                .runWith(Sink.ignore(), system)
                .handle((done, failure) -> response);
    }
}
