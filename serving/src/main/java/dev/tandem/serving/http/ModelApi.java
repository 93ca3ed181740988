package dev.tandem.serving.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.actors.ModelActor.Description;
import dev.tandem.actors.ModelActor.Refused;
import dev.tandem.actors.ModelActor.ServeReply;
import dev.tandem.actors.ModelActor.Serving;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointCatalog;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.serving.ModelClient;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code /v1/model}, {@code /v1/serving}, {@code /v1/checkpoints}: what the model is, whose weights translate, and which
 * checkpoints there are and are kept.
 */
final class ModelApi extends AllDirectives {
    /** The weights that learn, where a checkpoint's name could be. */
    private static final String LIVE = "live";

    private static final Duration UPLOAD = Duration.ofSeconds(5);
    private static final long LONGEST_BODY = 4096;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Settings settings;
    private final CheckpointStore store;
    private final ModelClient model;
    private final Executor blocking;

    private record ModelView(
            @JsonProperty("preset") String preset,
            @JsonProperty("width") int width,
            @JsonProperty("height") int height,
            @JsonProperty("inputChannels") int inputChannels,
            @JsonProperty("outputChannels") int outputChannels,
            @JsonProperty("latent") int latent,
            @JsonProperty("takesStyles") boolean takesStyles,
            @JsonProperty("maxSamples") int maxSamples,
            @JsonProperty("step") long step,
            @JsonProperty("pairs") long pairs,
            @JsonProperty("device") String device,
            @JsonProperty("serving") String serving) {}

    private record CheckpointView(
            @JsonProperty("name") String name,
            @JsonProperty("step") long step,
            @JsonProperty("pairs") long pairs,
            @JsonProperty("written") String written,
            @JsonProperty("bytes") long bytes,
            @JsonProperty("pinned") boolean pinned,
            @JsonProperty("serving") boolean serving) {}

    private record CheckpointsView(
            @JsonProperty("serving") String serving,
            @JsonProperty("checkpoints") List<CheckpointView> checkpoints) {}

    private record ServingView(@JsonProperty("serving") String serving) {}

    ModelApi(ActorSystem<?> system, Settings settings, CheckpointStore store, ModelClient model) {
        this.settings = settings;
        this.store = store;
        this.model = model;
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    Route routes() {
        return concat(
                path("model", () -> get(() -> answered(model.describe().thenApply(this::view)))),
                path("serving", () -> concat(get(() -> answered(serving())), put(() -> text(this::serve)))),
                pathPrefix(
                        "checkpoints",
                        () -> concat(
                                pathEndOrSingleSlash(() -> get(() -> answered(checkpoints()))),
                                path(
                                        PathMatchers.segment().slash("pin"),
                                        name -> concat(put(() -> pin(name, true)), delete(() -> pin(name, false)))))));
    }

    private Route text(Function<String, Route> inner) {
        return extractStrictEntity(
                UPLOAD, LONGEST_BODY, body -> inner.apply(body.getData().utf8String()));
    }

    private Route serve(String body) {
        return name(body)
                .map(name -> answered(opened(name).thenCompose(model::serve).thenApply(ModelApi::served)))
                .orElseGet(() -> complete(Problem.badRequest("the body must be {\"checkpoint\": NAME}, with \"" + LIVE
                        + "\" for the weights that learn; GET /v1/checkpoints has the names")));
    }

    private static Optional<String> name(String body) {
        try {
            return Optional.ofNullable(JSON.readTree(body))
                    .map(node -> node.path("checkpoint"))
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::asText);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Its checksums are verified here; the model's thread only copies the weights. */
    private CompletionStage<Optional<Checkpoint>> opened(String name) {
        return name.equals(LIVE)
                ? CompletableFuture.completedFuture(Optional.empty())
                : CompletableFuture.supplyAsync(() -> Optional.of(catalog().open(name)), blocking);
    }

    private static Object served(ServeReply reply) {
        return reply instanceof Refused refused
                ? Problem.conflict(refused.reason())
                : new ServingView(((Serving) reply).checkpoint().orElse(LIVE));
    }

    private Route pin(String name, boolean pinned) {
        if (store.isReadOnly()) {
            return complete(Problem.conflict(
                    "this process does not train, so the checkpoints are another's; ask the one that does"));
        }
        return answered(CompletableFuture.runAsync(() -> catalog().pin(name, pinned), blocking)
                .thenCompose(done -> checkpoints()));
    }

    private CompletionStage<ServingView> serving() {
        return model.describe().thenApply(now -> new ServingView(now.serving().orElse(LIVE)));
    }

    private CompletionStage<CheckpointsView> checkpoints() {
        return serving()
                .thenApplyAsync(
                        serving -> new CheckpointsView(
                                serving.serving(),
                                catalog().list().stream()
                                        .map(listed -> view(listed, serving.serving()))
                                        .toList()),
                        blocking);
    }

    private CheckpointCatalog catalog() {
        return store.catalog();
    }

    private ModelView view(Description now) {
        ModelSettings shape = settings.model();
        return new ModelView(
                shape.preset().name().toLowerCase(Locale.ROOT),
                shape.imageSize().width(),
                shape.imageSize().height(),
                shape.inputChannels(),
                shape.outputChannels(),
                now.latent(),
                now.hasEncoder(),
                settings.translate().maxSamples(),
                now.step(),
                now.pairs(),
                now.device(),
                now.serving().orElse(LIVE));
    }

    private static CheckpointView view(CheckpointCatalog.Listed listed, String serving) {
        return new CheckpointView(
                listed.name(),
                listed.step(),
                listed.pairs(),
                listed.written().toString(),
                listed.bytes(),
                listed.pinned(),
                listed.name().equals(serving));
    }

    /** A value as JSON; a problem as it is. */
    private Route answered(CompletionStage<?> value) {
        return completeWithFuture(
                value.thenApply(result -> result instanceof HttpResponse response ? response : Json.response(result))
                        .exceptionally(Problem::of));
    }
}
