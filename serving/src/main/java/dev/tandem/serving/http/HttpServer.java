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
 * Everything a run answers over HTTP.
 *
 * <p>{@code /} the dashboard, {@code /v1/...} the API (described at {@code /openapi.json}), {@code /health/live} and
 * {@code /health/ready}, {@code /metrics} for Prometheus, {@code /config} the settings without what is secret.
 */
public final class HttpServer extends AllDirectives {
    private static final Logger LOG = LoggerFactory.getLogger(HttpServer.class);
    private static final ContentType PROMETHEUS = ContentTypes.parse("text/plain; version=0.0.4; charset=UTF-8");
    private static final List<HttpHeader> HEADERS = List.of(
            RawHeader.create(
                    "Content-Security-Policy",
                    "default-src 'self'; img-src 'self' data: blob:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; object-src 'none'"),
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("Referrer-Policy", "no-referrer"));

    private final Parts parts;
    private final OriginCheck access;
    private final Route api;

    /**
     * What there is to tell of a run.
     *
     * @param shownSettings without what is secret
     */
    public record Parts(
            Settings settings,
            Map<String, String> shownSettings,
            CheckpointStore store,
            ModelClient model,
            Readiness readiness,
            Metrics metrics,
            RunStatus pulse,
            ProbeGallery probes) {}

    private HttpServer(ActorSystem<?> system, Parts parts) {
        this.parts = parts;
        this.access = new OriginCheck(parts.settings().http());
        // What the pages below take would else decide what is said of a wrong method here.
        this.api = pathPrefix(
                "v1",
                () -> handleRejections(
                        problems(),
                        () -> withoutRequestTimeout(() -> concat(
                                new TranslationsApi(system, parts.settings(), parts.model(), parts.metrics()).routes(),
                                new ModelApi(system, parts.settings(), parts.store(), parts.model()).routes(),
                                new DashboardApi(
                                                system,
                                                parts.pulse(),
                                                parts.probes(),
                                                parts.metrics(),
                                                parts.readiness(),
                                                parts.model())
                                        .routes()))));
    }

    public static CompletionStage<InetSocketAddress> bind(ActorSystem<?> system, Parts parts) {
        return Http.get(system)
                .newServerAt(
                        parts.settings().http().host(), parts.settings().http().port())
                .bind(new HttpServer(system, parts).routes())
                .thenApply(ServerBinding::localAddress);
    }

    private Route routes() {
        return respondWithHeaders(
                HEADERS,
                () -> handleExceptions(
                        ExceptionHandler.newBuilder().matchAny(this::failed).build(),
                        () -> handleRejections(problems(), () -> extractRequest(this::routes))));
    }

    private Route routes(HttpRequest request) {
        if (!access.isAllowedHost(request)) {
            return complete(Problem.response(
                    StatusCodes.FORBIDDEN,
                    "this server does not go by that name; http.allowed-hosts has those it does"));
        }
        return access.isCrossOrigin(request)
                ? complete(
                        Problem.response(StatusCodes.FORBIDDEN, "pages of other servers may not change anything here"))
                : concat(api, health(), get(this::toRead));
    }

    private Route toRead() {
        return concat(
                path("metrics", () -> complete(figures())),
                path("config", () -> complete(Json.response(parts.shownSettings()))),
                StaticFiles.routes());
    }

    private Route failed(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof EntityStreamSizeException) {
            return complete(Problem.tooLarge());
        }
        if (cause instanceof IllegalRequestException wrong) {
            return complete(Problem.response(wrong.status(), wrong.info().formatPretty()));
        }
        LOG.warn("a request failed: {}", cause.toString());
        LOG.debug("a request failed", cause);
        return complete(Problem.response(StatusCodes.INTERNAL_SERVER_ERROR, "this failed; the log says more"));
    }

    /** The library's own refusals, in the same form as ours. */
    private static RejectionHandler problems() {
        return RejectionHandler.defaultHandler()
                .mapRejectionResponse(response -> response.entity() instanceof HttpEntity.Strict text
                        ? Problem.response(response.status(), text.getData().utf8String())
                                .addHeaders(response.getHeaders())
                        : response);
    }

    private HttpResponse figures() {
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
                                        .map(what -> complete(StatusCodes.SERVICE_UNAVAILABLE, what + "\n"))
                                        .orElseGet(() -> complete(StatusCodes.OK, "ready\n"))))));
    }
}
