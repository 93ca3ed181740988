package dev.tandem.serving.http;

import dev.tandem.serving.metrics.Metrics;
import dev.tandem.serving.metrics.Readiness;
import java.nio.charset.StandardCharsets;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /health/live}, {@code /health/ready} and {@code /metrics}, at both ports. */
final class ManagementApi extends AllDirectives {
    private static final ContentType PROMETHEUS = ContentTypes.parse("text/plain; version=0.0.4; charset=UTF-8");

    private final Readiness readiness;
    private final Metrics metrics;

    ManagementApi(Readiness readiness, Metrics metrics) {
        this.readiness = readiness;
        this.metrics = metrics;
    }

    Route health() {
        return pathPrefix(
                "health",
                () -> get(() -> concat(
                        path("live", () -> complete(StatusCodes.OK, "live\n")),
                        path(
                                "ready",
                                () -> readiness
                                        .missing()
                                        .map(missing -> complete(StatusCodes.SERVICE_UNAVAILABLE, missing + "\n"))
                                        .orElseGet(() -> complete(StatusCodes.OK, "ready\n"))))));
    }

    Route metrics() {
        return path("metrics", () -> get(() -> complete(metricsText())));
    }

    private HttpResponse metricsText() {
        return HttpResponse.create()
                .withEntity(HttpEntities.create(PROMETHEUS, metrics.text().getBytes(StandardCharsets.UTF_8)));
    }
}
