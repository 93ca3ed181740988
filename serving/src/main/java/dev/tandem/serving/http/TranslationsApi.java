package dev.tandem.serving.http;

import dev.tandem.actors.SamplerActor.Failed;
import dev.tandem.actors.SamplerActor.Reply;
import dev.tandem.actors.SamplerActor.Sampled;
import dev.tandem.config.Settings;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.model.train.Noise;
import dev.tandem.pipeline.translate.RequestReader;
import dev.tandem.pipeline.translate.TranslationRequest;
import dev.tandem.serving.ModelClient;
import dev.tandem.serving.metrics.Metrics;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.model.HttpEntity;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST /v1/translations}: translates an image.
 *
 * <p>The request is described at {@link Upload}, the response at {@link TranslationResponse}. At most {@code
 * http.max-requests} requests are in progress at a time; further ones get 503.
 */
final class TranslationsApi extends AllDirectives {
    private static final Duration UPLOAD_TIMEOUT = Duration.ofSeconds(30);
    /** Size of a form without its images: boundaries, part headers and parameters. */
    private static final long FORM_BYTES = 65_536;

    private final ActorSystem<?> system;
    private final Settings settings;
    private final ModelClient model;
    private final Semaphore permits;
    private final Metrics metrics;
    private final Executor cpu;
    private final Executor decoding;

    TranslationsApi(ActorSystem<?> system, Settings settings, ModelClient model, Metrics metrics) {
        this.system = system;
        this.settings = settings;
        this.model = model;
        this.permits = new Semaphore(settings.http().maxRequests());
        this.metrics = metrics;
        this.decoding = system.dispatchers().lookup(DispatcherSelector.fromConfig("tandem-http-decode-dispatcher"));
        this.cpu = system.dispatchers().lookup(DispatcherSelector.defaultDispatcher());
    }

    Route routes() {
        return path("translations", () -> post(() -> withSizeLimit(maxBodyBytes(), this::readHead)));
    }

    /** A form contains at most two images. */
    private long maxBodyBytes() {
        return 2 * settings.images().maxBytes() + FORM_BYTES;
    }

    /** Query and headers are read before a permit is acquired: if that throws, there is none to release. */
    private Route readHead() {
        return parameterMap(query -> optionalHeaderValueByName(
                "Accept", accept -> extractRequestEntity(body -> admit(body, query, accept.orElse("")))));
    }

    private Route admit(RequestEntity body, Map<String, String> query, String accept) {
        if (body.getContentLengthOption().orElse(0) > maxBodyBytes()) {
            return refuse(body, Problem.tooLarge());
        }
        return permits.tryAcquire() ? translateAndRelease(query, accept) : refuse(body, tooManyRequests());
    }

    /** Discards the body by reading it, because many clients read no response before they have sent the whole body. */
    private Route refuse(RequestEntity body, HttpResponse problem) {
        body.discardBytes(system);
        metrics.onHttpRefused();
        return complete(problem);
    }

    private Route translateAndRelease(Map<String, String> query, String accept) {
        long start = System.nanoTime();
        return mapRouteResultFuture(
                result -> result.whenComplete((done, failure) -> {
                    permits.release();
                    metrics.onHttpTranslation(Duration.ofNanos(System.nanoTime() - start));
                }),
                () -> extractStrictEntity(
                        UPLOAD_TIMEOUT, maxBodyBytes(), body -> completeWithFuture(translate(body, query, accept))));
    }

    private HttpResponse tooManyRequests() {
        return Problem.unavailable(
                settings.http().maxRequests() + " requests (http.max-requests) are in progress; try again in a moment");
    }

    private CompletionStage<HttpResponse> translate(HttpEntity.Strict body, Map<String, String> query, String accept) {
        // Upload.read is called in a stage, so that its exceptions reach Problem.of.
        return CompletableFuture.completedFuture(body)
                .thenCompose(strict -> Upload.read(strict, query, system))
                .thenApplyAsync(this::decode, decoding)
                .thenCompose(request ->
                        model.sample(request.request()).thenApplyAsync(reply -> response(reply, request, accept), cpu))
                .exceptionally(Problem::of);
    }

    private TranslationRequest decode(Upload upload) {
        RequestReader reader = new RequestReader(settings, model.hasEncoder());
        try {
            return upload.style().isPresent()
                    ? reader.read(upload.image(), upload.style().get(), upload)
                    : reader.read(upload.image(), upload, defaultSeed(upload.image()));
        } catch (InvalidInput e) {
            throw new CompletionException(e);
        }
    }

    /** The seed for a request that has none. It is a hash of the image, so a repeated request gets the same result. */
    private static long defaultSeed(byte[] image) {
        return Noise.hash(Arrays.hashCode(image), "image");
    }

    private static HttpResponse response(Reply reply, TranslationRequest request, String accept) {
        return reply instanceof Failed failed
                ? failed.permanent()
                        ? Problem.response(StatusCodes.UNPROCESSABLE_CONTENT, failed.reason())
                        : Problem.unavailable(failed.reason())
                : TranslationResponse.of(((Sampled) reply).results().get(0), request.seed())
                        .response(accept);
    }
}
