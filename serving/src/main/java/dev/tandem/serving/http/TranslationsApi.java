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
 * {@code POST /v1/translations}: a picture in, translations out.
 *
 * <p>In: the picture as the body, with parameters in the query, or a form ({@link Upload}). Out: JSON if that is accepted;
 * one PNG for one sample; else a form with a part for each ({@link TranslationResponse}).
 */
final class TranslationsApi extends AllDirectives {
    private static final Duration UPLOAD = Duration.ofSeconds(30);
    /** Of a form, beside its pictures. */
    private static final long FORM_BYTES = 65_536;

    private final ActorSystem<?> system;
    private final Settings settings;
    private final ModelClient model;
    private final Semaphore places;
    private final Metrics metrics;
    private final Executor cpu;
    private final Executor decoding;

    TranslationsApi(ActorSystem<?> system, Settings settings, ModelClient model, Metrics metrics) {
        this.system = system;
        this.settings = settings;
        this.model = model;
        this.places = new Semaphore(settings.http().maxRequests());
        this.metrics = metrics;
        this.decoding = system.dispatchers().lookup(DispatcherSelector.fromConfig("tandem-http-decode-dispatcher"));
        this.cpu = system.dispatchers().lookup(DispatcherSelector.defaultDispatcher());
    }

    Route routes() {
        return path(
                "translations", () -> post(() -> withSizeLimit(mostBytes(), () -> extractRequestEntity(this::admit))));
    }

    /** Of a form with two pictures. */
    private long mostBytes() {
        return 2 * settings.images().maxBytes() + FORM_BYTES;
    }

    private Route admit(RequestEntity body) {
        if (body.getContentLengthOption().orElse(0) > mostBytes()) {
            return refuse(body, Problem.tooLarge());
        }
        return places.tryAcquire() ? admitted() : refuse(body, busy());
    }

    /** What is still on its way is read, or its sender would not look for the answer. */
    private Route refuse(RequestEntity body, HttpResponse problem) {
        body.discardBytes(system);
        metrics.httpRefused();
        return complete(problem);
    }

    private Route admitted() {
        long began = System.nanoTime();
        return mapRouteResultFuture(
                result -> result.whenComplete((done, failure) -> {
                    places.release();
                    metrics.httpAnswered(Duration.ofNanos(System.nanoTime() - began));
                }),
                () -> parameterMap(query -> optionalHeaderValueByName(
                        "Accept",
                        accept -> extractStrictEntity(
                                UPLOAD,
                                mostBytes(),
                                body -> completeWithFuture(translate(body, query, accept.orElse("")))))));
    }

    private HttpResponse busy() {
        return Problem.unavailable("all " + settings.http().maxRequests()
                + " places (http.max-requests) are taken; try again in a moment");
    }

    private CompletionStage<HttpResponse> translate(HttpEntity.Strict body, Map<String, String> query, String accept) {
        return CompletableFuture.completedFuture(body)
                .thenCompose(present -> Upload.read(present, query, system))
                .thenApplyAsync(this::request, decoding)
                .thenCompose(request ->
                        model.sample(request.request()).thenApplyAsync(reply -> answer(reply, request, accept), cpu))
                .exceptionally(Problem::of);
    }

    private TranslationRequest request(Upload upload) {
        RequestReader reader = new RequestReader(settings, model.takesStyles());
        try {
            return upload.style().isPresent()
                    ? reader.read(upload.image(), upload.style().get(), upload)
                    : reader.read(upload.image(), upload, seedOf(upload.image()));
        } catch (InvalidInput e) {
            throw new CompletionException(e);
        }
    }

    /** The same picture has the same translations, as a record has by its place. */
    private static long seedOf(byte[] image) {
        return Noise.hash(Arrays.hashCode(image), "image");
    }

    private static HttpResponse answer(Reply reply, TranslationRequest request, String accept) {
        return reply instanceof Failed failed
                ? failed.permanent()
                        ? Problem.response(StatusCodes.UNPROCESSABLE_CONTENT, failed.reason())
                        : Problem.unavailable(failed.reason())
                : TranslationResponse.of(((Sampled) reply).results().get(0), request.seed())
                        .response(accept);
    }
}
