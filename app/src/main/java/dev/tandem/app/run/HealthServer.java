package dev.tandem.app.run;

import dev.tandem.config.HttpSettings;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code /health/live}: the process answers. {@code /health/ready}: model, streams and broker are there.
 * {@code /metrics}: figures for Prometheus.
 */
final class HealthServer extends AllDirectives {
    private static final ContentType PROMETHEUS = ContentTypes.parse("text/plain; version=0.0.4; charset=UTF-8");

    private final Readiness readiness;
    private final Metrics metrics;

    private HealthServer(Readiness readiness, Metrics metrics) {
        this.readiness = readiness;
        this.metrics = metrics;
    }

    static CompletionStage<ServerBinding> bind(
            ActorSystem<?> system, HttpSettings settings, Readiness readiness, Metrics metrics) {
        return Http.get(system)
                .newServerAt(settings.host(), settings.port())
                .bind(new HealthServer(readiness, metrics).routes());
    }

    private Route routes() {
        return concat(health(), path("metrics", () -> get(() -> complete(figures()))));
    }

    private HttpResponse figures() {
        return HttpResponse.create()
                .withEntity(HttpEntities.create(PROMETHEUS, metrics.text().getBytes(StandardCharsets.UTF_8)));
    }

    private Route health() {
        return pathPrefix(
                "health",
                () -> get(() -> concat(
                        path("live", () -> complete(StatusCodes.OK, "live\n")),
                        path(
                                "ready",
                                () -> readiness
                                        .missing()
                                        .map(what -> complete(StatusCodes.SERVICE_UNAVAILABLE, what + "\n"))
                                        .orElseGet(() -> complete(StatusCodes.OK, "ready\n"))))));
    }
}
