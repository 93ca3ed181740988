package dev.tandem.serving.http;

import dev.tandem.serving.http.MemoryBudget.Reservation;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.stream.StreamTimeoutException;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Reads the body of a request into memory that has been reserved before. */
record RequestBody(HttpEntity entity, Reservation memory) {
    /** The body, and the images that are copied out of a form. */
    private static final int COPIES = 2;
    /** While an array of unknown final size grows, up to three times the bytes received exist. */
    private static final int GROWING_COPIES = 3;

    /** The body did not arrive in time. The message is for the client. */
    static final class TooSlow extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooSlow(Duration timeout) {
            super("the body did not arrive within http.transfer-timeout (" + timeout.toSeconds() + " s)");
        }
    }

    /** There is not enough memory for the request at the moment. The message is for the client. */
    static final class NoMemory extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NoMemory() {
            super("other requests use the memory (http.max-memory); try again in a moment");
        }
    }

    /** The size of the largest body that fits into the budget, in bytes. */
    static long maxBytes(MemoryBudget budget) {
        return Math.min(budget.totalBytes() / COPIES, Integer.MAX_VALUE - Long.BYTES);
    }

    /** Bytes to reserve before the body is read. Without Content-Length, memory is reserved while the body arrives. */
    static long bytesToReserve(HttpEntity entity) {
        return COPIES * entity.getContentLengthOption().orElse(0);
    }

    /**
     * Reads the body.
     *
     * @return fails with {@link TooSlow}, {@link NoMemory}, {@link EntityStreamSizeException}, or {@link
     *     Upload.Malformed} if the client has sent only a part
     */
    CompletionStage<byte[]> read(Duration timeout, ActorSystem<?> system) {
        OptionalLong length = entity.getContentLengthOption();
        Source<ByteString, Object> chunks = entity.getDataBytes().completionTimeout(timeout);
        CompletionStage<byte[]> bytes = length.isPresent()
                ? readKnown(chunks, Math.toIntExact(length.getAsLong()), system)
                : readGrowing(chunks, system);
        return bytes.exceptionally(failure -> {
            throw new CompletionException(forClient(unwrapped(failure), timeout));
        });
    }

    private static CompletionStage<byte[]> readKnown(
            Source<ByteString, Object> chunks, int length, ActorSystem<?> system) {
        return chunks.runFold(
                        ByteBuffer.allocate(length),
                        (buffer, chunk) -> {
                            chunk.copyToBuffer(buffer);
                            return buffer;
                        },
                        system)
                .thenApply(ByteBuffer::array);
    }

    private CompletionStage<byte[]> readGrowing(Source<ByteString, Object> chunks, ActorSystem<?> system) {
        return chunks.runFold(
                        new ByteArrayOutputStream(),
                        (out, chunk) -> {
                            if (!memory.grow((long) GROWING_COPIES * chunk.size())) {
                                throw new NoMemory();
                            }
                            out.writeBytes(chunk.toArray());
                            return out;
                        },
                        system)
                .thenApply(ByteArrayOutputStream::toByteArray);
    }

    private static RuntimeException forClient(Throwable failure, Duration timeout) {
        if (failure instanceof StreamTimeoutException) {
            return new TooSlow(timeout);
        }
        return failure instanceof NoMemory || failure instanceof EntityStreamSizeException
                ? (RuntimeException) failure
                : new Upload.Malformed("the body ended before it was complete");
    }

    private static Throwable unwrapped(Throwable failure) {
        return failure instanceof CompletionException ? failure.getCause() : failure;
    }
}
