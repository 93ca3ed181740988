package dev.tandem.serving.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.model.checkpoint.CheckpointCatalog;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.serving.ModelClient;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RetryAfter;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;

/**
 * An error response, {@code application/problem+json} (RFC 9457).
 *
 * @param detail one line that says what is wrong and how to fix it
 */
record Problem(
        @JsonProperty("status") int status,
        @JsonProperty("title") String title,
        @JsonProperty("detail") String detail) {
    private static final ContentType TYPE = ContentTypes.parse("application/problem+json");

    static HttpResponse response(StatusCode status, String detail) {
        Problem problem = new Problem(status.intValue(), status.reason(), detail);
        return HttpResponse.create().withStatus(status).withEntity(HttpEntities.create(TYPE, Json.bytes(problem)));
    }

    /** The response for a failure of a request; an unexpected failure is rethrown. */
    static HttpResponse of(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof InvalidInput invalid) {
            return response(
                    StatusCodes.UNPROCESSABLE_CONTENT,
                    invalid.reason() + ": " + Upload.withParameterNames(invalid.getMessage()));
        }
        if (cause instanceof Upload.Malformed) {
            return badRequest(cause.getMessage());
        }
        if (cause instanceof CheckpointCatalog.UnknownCheckpointException) {
            return notFound(cause.getMessage());
        }
        if (cause instanceof CheckpointException) {
            return conflict(cause.getMessage());
        }
        if (cause instanceof ModelClient.Unavailable || cause instanceof RequestBody.NoMemory) {
            return unavailable(cause.getMessage());
        }
        if (cause instanceof RequestBody.TooSlow) {
            return response(StatusCodes.REQUEST_TIMEOUT, cause.getMessage());
        }
        if (cause instanceof TimeoutException) {
            return unavailable("the model did not reply in time; try again");
        }
        throw new CompletionException(cause);
    }

    /** Whether the failure means that a body exceeds its size limit. */
    static boolean isTooLarge(Throwable cause) {
        return cause instanceof EntityStreamSizeException;
    }

    static HttpResponse tooLarge(String detail) {
        return response(StatusCodes.CONTENT_TOO_LARGE, detail);
    }

    static HttpResponse badRequest(String detail) {
        return response(StatusCodes.BAD_REQUEST, detail);
    }

    static HttpResponse notFound(String detail) {
        return response(StatusCodes.NOT_FOUND, detail);
    }

    static HttpResponse conflict(String detail) {
        return response(StatusCodes.CONFLICT, detail);
    }

    static HttpResponse unavailable(String detail) {
        return response(StatusCodes.SERVICE_UNAVAILABLE, detail).addHeader(RetryAfter.create(1L));
    }
}
