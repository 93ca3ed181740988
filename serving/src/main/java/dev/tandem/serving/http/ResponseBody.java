package dev.tandem.serving.http;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.stream.javadsl.StreamConverters;
import org.apache.pekko.util.ByteString;

/**
 * The body of a response that stays in memory until it has been sent.
 *
 * <p>A client that has gone never asks for the body, and a slow one takes long to receive it. So the memory is released
 * after the time limit in any case.
 */
final class ResponseBody {
    /** The chunks are copies, so a chunk on its way to the client does not keep the whole body in memory. */
    private static final int CHUNK_BYTES = 65_536;

    private final AtomicReference<Optional<ByteString>> unsent;
    private final Duration timeout;
    private final Runnable onReleased;

    private ResponseBody(ByteString bytes, Duration timeout, Runnable onReleased) {
        this.unsent = new AtomicReference<>(Optional.of(bytes));
        this.timeout = timeout;
        this.onReleased = onReleased;
    }

    /**
     * Limits the time in which a response is sent.
     *
     * @param onReleased is called once, when the body is no longer in memory
     */
    static HttpResponse limited(HttpResponse response, Duration timeout, Runnable onReleased, ActorSystem<?> system) {
        if (!(response.entity() instanceof HttpEntity.Strict strict)) {
            throw new IllegalArgumentException("the body is not in memory");
        }
        ResponseBody body = new ResponseBody(strict.getData(), timeout, onReleased);
        system.scheduler().scheduleOnce(timeout, body::drop, system.executionContext());
        return response.withEntity(
                HttpEntities.create(strict.getContentType(), strict.getData().size(), Source.lazySource(body::chunks)));
    }

    private Source<ByteString, ?> chunks() {
        return take().<Source<ByteString, ?>>map(this::chunks)
                .orElseGet(() -> Source.failed(new TimeoutException("the response was not sent in time")));
    }

    private Source<ByteString, ?> chunks(ByteString bytes) {
        return StreamConverters.fromInputStream(bytes::asInputStream, CHUNK_BYTES)
                .completionTimeout(timeout)
                .watchTermination((none, sent) -> sent.whenComplete((done, failure) -> onReleased.run()));
    }

    private void drop() {
        take().ifPresent(bytes -> onReleased.run());
    }

    private Optional<ByteString> take() {
        return unsent.getAndSet(Optional.empty());
    }
}
