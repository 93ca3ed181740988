package dev.tandem.serving.http;

import dev.tandem.actors.SamplerActor.Failed;
import dev.tandem.actors.SamplerActor.Reply;
import dev.tandem.actors.SamplerActor.Sampled;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.Settings;
import dev.tandem.images.decode.DecodeThreads;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.model.train.Noise;
import dev.tandem.pipeline.translate.RequestReader;
import dev.tandem.pipeline.translate.TranslationRequest;
import dev.tandem.serving.ModelClient;
import dev.tandem.serving.http.MemoryBudget.Reservation;
import dev.tandem.serving.metrics.HttpMetrics;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.RequestEntity;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code POST /v1/translations}: translates an image.
 *
 * <p>The request is described at {@link Upload}, the response at {@link TranslationResponse}. At most {@code
 * http.max-requests} requests are in progress at a time, and together they use at most {@code http.max-memory}; further
 * ones get 503. A request reserves the memory for its body before the body is read. Before the results are computed, it
 * reserves their memory instead, and holds it until the response has been sent.
 */
final class TranslationsApi extends AllDirectives {
    /** Size of a form without its images: boundaries, part headers and parameters. */
    private static final long FORM_BYTES = 65_536;
    /** Copies of an output value as a float in the model's reply and the response, and as PNG and Base64. */
    private static final long BYTES_PER_OUTPUT_VALUE = 2 * Float.BYTES + 4;

    private final ActorSystem<?> system;
    private final Settings settings;
    private final ModelClient model;
    private final MemoryBudget memory;
    private final HttpMetrics metrics;
    private final long maxBodyBytes;
    private final Semaphore permits;
    private final Executor cpu;
    private final Executor decoding;
    private final RequestReader reader;

    TranslationsApi(
            ActorSystem<?> system, Settings settings, ModelClient model, MemoryBudget memory, HttpMetrics metrics) {
        this.system = system;
        this.settings = settings;
        this.model = model;
        this.memory = memory;
        this.metrics = metrics;
        this.maxBodyBytes = Math.min(2 * settings.images().maxBytes() + FORM_BYTES, RequestBody.maxBytes(memory));
        this.permits = new Semaphore(settings.http().limits().maxRequests());
        this.decoding = DecodeThreads.create(settings.images(), "http");
        this.reader = new RequestReader(settings, model::hasEncoder);
        this.cpu = system.dispatchers().lookup(DispatcherSelector.defaultDispatcher());
    }

    Route routes() {
        return path("translations", () -> post(() -> withSizeLimit(maxBodyBytes, this::readHead)));
    }

    /** Size of the largest body: a form with two images, or what fits into the memory. */
    long maxBodyBytes() {
        return maxBodyBytes;
    }

    private Duration transferTimeout() {
        return settings.http().limits().transferTimeout();
    }

    /** Query and headers are read before a permit is acquired: if that throws, there is none to release. */
    private Route readHead() {
        return parameterMap(query -> optionalHeaderValueByName(
                "Accept", accept -> extractRequestEntity(body -> admit(body, query, accept.orElse("")))));
    }

    private Route admit(RequestEntity body, Map<String, String> query, String accept) {
        if (body.getContentLengthOption().orElse(0) > maxBodyBytes) {
            return refuse(body, tooLarge());
        }
        if (!permits.tryAcquire()) {
            return refuse(body, tooManyRequests());
        }
        Optional<Reservation> reservation = memory.reserve(RequestBody.bytesToReserve(body));
        if (reservation.isEmpty()) {
            permits.release();
            return refuse(body, Problem.unavailable(new RequestBody.NoMemory().getMessage()));
        }
        return completeWithFuture(translate(new RequestBody(body, reservation.get()), query, accept));
    }

    private Route refuse(RequestEntity body, HttpResponse problem) {
        metrics.onRefused();
        return completeWithFuture(Refusal.afterBody(body, problem, transferTimeout(), system));
    }

    private HttpResponse tooLarge() {
        return Problem.tooLarge("the body is larger than " + maxBodyBytes + " bytes, the size of two images of"
                + " images.max-bytes or the half of http.max-memory; send smaller images");
    }

    private HttpResponse tooManyRequests() {
        return Problem.unavailable(settings.http().limits().maxRequests()
                + " requests (http.max-requests) are in progress; try again in a moment");
    }

    /** Never fails before it returns, so that permit and memory are released in every case. */
    private CompletionStage<HttpResponse> translate(RequestBody body, Map<String, String> query, String accept) {
        long start = System.nanoTime();
        ContentType type = body.entity().getContentType();
        return CompletableFuture.completedFuture(body)
                .thenCompose(unread -> unread.read(transferTimeout(), system))
                .thenCompose(bytes -> Upload.read(bytes, type, query, system))
                .thenApplyAsync(this::decode, decoding)
                .thenCompose(request -> sample(request, accept, body.memory()))
                .exceptionally(this::problem)
                .whenComplete((response, failure) -> {
                    permits.release();
                    metrics.onTranslation(Duration.ofNanos(System.nanoTime() - start));
                })
                .handle((response, failure) -> releaseWhenSent(response, failure, body.memory()));
    }

    private HttpResponse releaseWhenSent(HttpResponse response, Throwable failure, Reservation reservation) {
        if (failure == null && response.status().isSuccess()) {
            return ResponseBody.limited(response, transferTimeout(), reservation::release, system);
        }
        reservation.release();
        if (failure != null) {
            throw new CompletionException(failure);
        }
        return response;
    }

    private TranslationRequest decode(Upload upload) {
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

    private CompletionStage<HttpResponse> sample(TranslationRequest request, String accept, Reservation reservation) {
        long bytes = resultBytes(request.request().samples());
        if (bytes > memory.totalBytes()) {
            throw new Upload.Malformed(request.request().samples() + " samples need " + (bytes >> 20)
                    + " MiB of heap, but http.max-memory is " + (memory.totalBytes() >> 20)
                    + " MiB; request fewer samples");
        }
        // The body is no longer needed.
        if (!reservation.resize(bytes)) {
            throw new RequestBody.NoMemory();
        }
        return model.sample(request.request()).thenApplyAsync(reply -> response(reply, request, accept), cpu);
    }

    /** Heap memory of the tensors and images of a request, in bytes. Each sample has its copy of the input. */
    private long resultBytes(int samples) {
        ModelSettings shape = settings.model();
        long pixels = (long) shape.imageSize().width() * shape.imageSize().height();
        long inputs = Math.multiplyExact(pixels, (samples + 2L) * shape.inputChannels() * Float.BYTES);
        return inputs + pixels * samples * shape.outputChannels() * BYTES_PER_OUTPUT_VALUE;
    }

    private HttpResponse response(Reply reply, TranslationRequest request, String accept) {
        return reply instanceof Failed failed
                ? failed.permanent()
                        ? Problem.response(StatusCodes.UNPROCESSABLE_CONTENT, failed.reason())
                        : Problem.unavailable(failed.reason())
                : TranslationResponse.of(((Sampled) reply).results().get(0), request.seed())
                        .response(accept);
    }

    private HttpResponse problem(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof RequestBody.NoMemory) {
            metrics.onRefused();
        }
        return Problem.isTooLarge(cause) ? tooLarge() : Problem.of(cause);
    }
}
