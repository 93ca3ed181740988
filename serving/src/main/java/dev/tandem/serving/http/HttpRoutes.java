package dev.tandem.serving.http;

import com.google.common.flogger.FluentLogger;
import dev.tandem.config.HttpSettings;
import dev.tandem.serving.http.HttpServer.Parts;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.Uri;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.ExceptionHandler;
import org.apache.pekko.http.javadsl.server.RejectionHandler;
import org.apache.pekko.http.javadsl.server.Route;
import org.apache.pekko.http.scaladsl.model.EntityStreamException;
import org.apache.pekko.http.scaladsl.model.IllegalRequestException;

/**
 * The routes of both ports, behind the checks of host name, origin and token.
 *
 * <p>Without a token, a client gets only the health, the login page and its assets.
 */
final class HttpRoutes extends AllDirectives {
    private static final FluentLogger LOG = FluentLogger.forEnclosingClass();
    private static final int LOG_PERIOD_SECONDS = 30;
    private static final Uri LOGIN = Uri.create("/login");
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
            // Not no-referrer: browsers would send the form of the login page with Origin: null.
            RawHeader.create("Referrer-Policy", "same-origin"));

    private final ActorSystem<?> system;
    private final Parts parts;
    private final TokenCheck tokens;
    private final OriginCheck originCheck;
    private final ManagementApi management;
    private final Route login;
    private final Route assets;
    private final Route forClientsWithToken;

    HttpRoutes(ActorSystem<?> system, Parts parts, TokenCheck tokens) {
        this.system = system;
        this.parts = parts;
        this.tokens = tokens;
        this.originCheck = new OriginCheck(parts.settings().http());
        this.management = new ManagementApi(parts.readiness(), parts.metrics());
        this.login = new LoginApi(tokens).routes();
        this.assets = get(StaticFiles::assets);
        this.forClientsWithToken = concat(
                api(),
                management.metrics(),
                get(() -> concat(
                        path("config", () -> complete(Json.response(parts.redactedSettings()))), StaticFiles.page())));
    }

    /** Routes of {@code http.port}. */
    Route all() {
        return guarded(request -> tokens.isAllowed(request)
                ? concat(login, assets, forClientsWithToken)
                : concat(login, assets, redirectToLogin(), unauthorized()));
    }

    /** Routes of {@code http.management-port}. */
    Route management() {
        Route metrics = management.metrics();
        return guarded(request -> tokens.isAllowed(request) ? metrics : unauthorized());
    }

    /**
     * Routes of the API. They are created once, because they share state: requests in progress, reserved memory, and open
     * event streams.
     *
     * <p>The API handles its own rejections. Otherwise the GET routes after it would decide the response to a wrong method.
     */
    private Route api() {
        HttpSettings http = parts.settings().http();
        RunEvents events =
                new RunEvents(parts.runStatus(), parts.probes(), parts.metrics(), parts.readiness(), parts.model());
        MemoryBudget memory =
                new MemoryBudget(http.limits().memoryIn(Runtime.getRuntime().maxMemory()));
        EventStreams streams = new EventStreams(http.limits().maxEventStreams());
        parts.metrics().http().watch(memory::reservedBytes, streams::open);
        TranslationsApi translations = new TranslationsApi(
                system, parts.settings(), parts.model(), memory, parts.metrics().http());
        Route routes = concat(
                translations.routes(),
                new ModelApi(parts.settings(), translations.maxBodyBytes(), parts.model()).routes(),
                new ServingApi(system, parts.store(), parts.model()).routes(),
                new CheckpointsApi(system, parts.store(), parts.model()).routes(),
                new DashboardApi(system, events, streams).routes());
        return pathPrefix(
                "v1", () -> handleRejections(rejectionsAsProblems(), () -> withoutRequestTimeout(() -> routes)));
    }

    /** Health is served to every client, because an orchestrator's probe has neither a token nor an allowed host name. */
    private Route guarded(Function<HttpRequest, Route> routes) {
        return withProblems(() -> concat(
                management.health(),
                extractRequest(request -> refusal(request).orElseGet(() -> routes.apply(request)))));
    }

    private Optional<Route> refusal(HttpRequest request) {
        if (!originCheck.isAllowedHost(request)) {
            return Optional.of(refuse(
                    request,
                    Problem.response(
                            StatusCodes.FORBIDDEN,
                            "the host name of this request is not allowed; add it to http.allowed-hosts")));
        }
        if (originCheck.isCrossOriginWrite(request)) {
            return Optional.of(refuse(
                    request,
                    Problem.response(
                            StatusCodes.FORBIDDEN,
                            "pages of other origins cannot change anything here; use the dashboard of this server")));
        }
        return Optional.empty();
    }

    private Route redirectToLogin() {
        return pathEndOrSingleSlash(() -> get(() -> redirect(LOGIN, StatusCodes.SEE_OTHER)));
    }

    private Route unauthorized() {
        return extractRequest(request -> {
            parts.metrics().http().onUnauthorized();
            return refuse(
                    request,
                    Problem.response(
                                    StatusCodes.UNAUTHORIZED,
                                    "this needs the token of http.token-file; send it in the header Authorization: Bearer"
                                            + " TOKEN, or log in at /login")
                            .addHeader(RawHeader.create("WWW-Authenticate", "Bearer realm=\"tandem\"")));
        });
    }

    private Route refuse(HttpRequest request, HttpResponse problem) {
        Duration timeout = parts.settings().http().limits().transferTimeout();
        return completeWithFuture(Refusal.afterBody(request.entity(), problem, timeout, system));
    }

    private Route withProblems(Supplier<Route> routes) {
        return respondWithHeaders(
                SECURITY_HEADERS,
                () -> handleExceptions(
                        ExceptionHandler.newBuilder().matchAny(this::onFailure).build(),
                        () -> handleRejections(rejectionsAsProblems(), routes)));
    }

    private Route onFailure(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (Problem.isTooLarge(cause)) {
            return complete(Problem.tooLarge("the body is too large for this path"));
        }
        if (cause instanceof EntityStreamException || cause instanceof TimeoutException) {
            return complete(Problem.response(StatusCodes.REQUEST_TIMEOUT, "the body did not arrive completely"));
        }
        if (cause instanceof IllegalRequestException illegal) {
            return complete(Problem.response(illegal.status(), illegal.info().formatPretty()));
        }
        LOG.atWarning().atMostEvery(LOG_PERIOD_SECONDS, TimeUnit.SECONDS).log(
                "HTTP request failed: %s", cause.toString());
        LOG.atFine().withCause(cause).log("HTTP request failed");
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
}
