package dev.tandem.serving.http;

import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.serving.ModelClient;
import dev.tandem.serving.dashboard.ProbeGallery;
import dev.tandem.serving.dashboard.RunStatus;
import dev.tandem.serving.metrics.Metrics;
import dev.tandem.serving.metrics.Readiness;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.scaladsl.model.EntityStreamSizeException;
import org.apache.pekko.http.scaladsl.model.IllegalRequestException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP server of a run.
 *
 * <p>It serves the dashboard at {@code /}, the API at {@code /v1/...} (described at {@code /openapi.json}), {@code
 * /health/live} and {@code /health/ready}, {@code /metrics} for Prometheus, and {@code /config} with the settings without
 * secrets.
 */
public final class HttpServer extends AllDirectives {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final ContentType PROMETHEUS = ContentTypes.parse("text/plain; version=0.0.4; charset=UTF-8");
    private static final String CONTENT_SECURITY_POLICY = String.join(
            "; ",
            "default-src 'self'",
            "img-src 'self' data: blob:",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "object-src 'none'");
    private static final List<HttpHeader> SECURITY_HEADERS = List.of(
            RawHeader.create("Content-Security-Policy", CONTENT_SECURITY_POLICY),
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("Referrer-Policy", "no-referrer"));

    private final Parts parts;
    private final OriginCheck originCheck;
    private final Route api;

    /**
     * The parts of a run that the server gives access to.
     *
     * @param redactedSettings the settings as text by key, without secrets
     */
    public record Parts(
            Settings settings,
            Map<String, String> redactedSettings,
            CheckpointStore store,
            ModelClient model,
            Readiness readiness,
            Metrics metrics,
            RunStatus runStatus,
            ProbeGallery probes) {}

    private HttpServer(ActorSystem<?> system, Parts parts) {
        this.parts = parts;
        this.originCheck = new OriginCheck(parts.settings().http());
        this.api = api(system);
    }

    /**
     * Starts the server.
     *
     * @return completes with the bound address when the server listens at {@code http.host} and {@code http.port}
     */
    public static CompletionStage<InetSocketAddress> bind(ActorSystem<?> system, Parts parts) {
        return Http.get(system)
                .newServerAt(
                        parts.settings().http().host(), parts.settings().http().port())
                .bind(new HttpServer(system, parts).routes())
                .thenApply(ServerBinding::localAddress);
    }

    /**
     * Routes of the API. They are created once, because they share state: the number of requests in progress.
     *
     * <p>The API handles its own rejections. Otherwise the GET routes after it would decide the response to a wrong method.
     */
    private Route api(ActorSystem<?> system) {
        RunEvents events =
                new RunEvents(parts.runStatus(), parts.probes(), parts.metrics(), parts.readiness(), parts.model());
        Route routes = concat(
                new TranslationsApi(system, parts.settings(), parts.model(), parts.metrics()).routes(),
                new ModelApi(parts.settings(), parts.model()).routes(),
                new ServingApi(system, parts.store(), parts.model()).routes(),
                new CheckpointsApi(system, parts.store(), parts.model()).routes(),
                new DashboardApi(system, events).routes());
        return pathPrefix(
                "v1", () -> handleRejections(rejectionsAsProblems(), () -> withoutRequestTimeout(() -> routes)));
    }

    private Route routes() {
        return respondWithHeaders(
                SECURITY_HEADERS,
                () -> handleExceptions(
                        ExceptionHandler.newBuilder().matchAny(this::onFailure).build(),
                        () -> handleRejections(rejectionsAsProblems(), () -> extractRequest(this::routes))));
    }

    private Route routes(HttpRequest request) {
        if (!originCheck.isAllowedHost(request)) {
            return complete(Problem.response(
                    StatusCodes.FORBIDDEN,
                    "the host name of this request is not allowed; add it to http.allowed-hosts"));
        }
        if (originCheck.isCrossOriginWrite(request)) {
            return complete(Problem.response(
                    StatusCodes.FORBIDDEN,
                    "pages of other origins cannot change anything here; use the dashboard of this server"));
        }
        return concat(api, health(), get(this::readOnlyRoutes));
    }

    private Route readOnlyRoutes() {
        return concat(
                path("metrics", () -> complete(metricsText())),
                path("config", () -> complete(Json.response(parts.redactedSettings()))),
                StaticFiles.routes());
    }

    private Route onFailure(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof EntityStreamSizeException) {
            return complete(Problem.tooLarge());
        }
        if (cause instanceof IllegalRequestException illegal) {
            return complete(Problem.response(illegal.status(), illegal.info().formatPretty()));
        }
        LOG.warn("HTTP request failed: {}", cause.toString());
        LOG.debug("HTTP request failed", cause);
        return complete(Problem.response(
                StatusCodes.INTERNAL_SERVER_ERROR, "internal error; the log of the process has details"));
    }

    /** Turns the library's own error responses into problems. */
    private static RejectionHandler rejectionsAsProblems() {
        return RejectionHandler.defaultHandler()
                .mapRejectionResponse(response -> response.entity() instanceof HttpEntity.Strict text
                        ? Problem.response(response.status(), text.getData().utf8String())
                                .addHeaders(response.getHeaders())
                        : response);
    }

    private HttpResponse metricsText() {
        return HttpResponse.create()
                .withEntity(
                        HttpEntities.create(PROMETHEUS, parts.metrics().text().getBytes(StandardCharsets.UTF_8)));
    }

    private Route health() {
        return pathPrefix(
                "health",
                () -> get(() -> concat(
                        path("live", () -> complete(StatusCodes.OK, "live\n")),
                        path(
                                "ready",
                                () -> parts.readiness()
                                        .missing()
                                        .map(missing -> complete(StatusCodes.SERVICE_UNAVAILABLE, missing + "\n"))
                                        .orElseGet(() -> complete(StatusCodes.OK, "ready\n"))))));
    }
}
