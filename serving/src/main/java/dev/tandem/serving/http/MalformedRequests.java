package dev.tandem.serving.http;

import com.google.common.flogger.FluentLogger;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.event.LoggingAdapter;
import org.apache.pekko.http.ParsingErrorHandler;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.scaladsl.model.ErrorInfo;
import org.apache.pekko.http.scaladsl.model.StatusCode;
import org.apache.pekko.http.scaladsl.settings.ServerSettings;

/**
 * Answers requests that are no HTTP, and logs one of them per period with the number of the others.
 *
 * <p>The HTTP library creates it, by the name of the class.
 */
public final class MalformedRequests extends ParsingErrorHandler {
    private static final FluentLogger LOG = FluentLogger.forEnclosingClass();
    private static final int PERIOD_SECONDS = 30;

    @Override
    public HttpResponse handle(StatusCode status, ErrorInfo error, LoggingAdapter log, ServerSettings settings) {
        LOG.atWarning().atMostEvery(PERIOD_SECONDS, TimeUnit.SECONDS).log(
                "malformed HTTP request: %s", error.summary());
        return Problem.response(status, error.summary());
    }
}
