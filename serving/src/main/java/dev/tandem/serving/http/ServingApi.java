package dev.tandem.serving.http;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.actors.ModelActor.Refused;
import dev.tandem.actors.ModelActor.ServeReply;
import dev.tandem.actors.ModelActor.Serving;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.serving.ModelClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/**
 * {@code /v1/serving}: reads and selects the serving checkpoint, which translates instead of the live model.
 *
 * <p>GET and PUT use the checkpoint's name, or {@code live} for the live model.
 */
final class ServingApi extends AllDirectives {
    private static final String LIVE = "live";
    private static final Duration BODY_TIMEOUT = Duration.ofSeconds(5);
    private static final long MAX_BODY_BYTES = 4096;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final CheckpointStore store;
    private final ModelClient model;
    private final Executor blocking;

    private record ServingView(@JsonProperty("serving") String serving) {}

    ServingApi(ActorSystem<?> system, CheckpointStore store, ModelClient model) {
        this.store = store;
        this.model = model;
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    /** The name of the serving checkpoint in requests and responses; empty: the live model serves. */
    static String name(Optional<String> servingCheckpoint) {
        return servingCheckpoint.orElse(LIVE);
    }

    Route routes() {
        return path(
                "serving",
                () -> concat(
                        get(() -> completeWithFuture(Json.asyncResponse(serving()))),
                        put(() -> extractStrictEntity(
                                BODY_TIMEOUT,
                                MAX_BODY_BYTES,
                                body -> serve(body.getData().utf8String())))));
    }

    private CompletionStage<ServingView> serving() {
        return model.describe().thenApply(description -> new ServingView(name(description.serving())));
    }

    private Route serve(String body) {
        Optional<String> name = requestedName(body);
        if (name.isEmpty()) {
            return complete(Problem.badRequest("the body must be {\"checkpoint\": NAME}, with \"" + LIVE
                    + "\" for the live model; GET /v1/checkpoints lists the names"));
        }
        return completeWithFuture(open(name.get())
                .thenCompose(model::serve)
                .thenApply(ServingApi::response)
                .exceptionally(Problem::of));
    }

    private static Optional<String> requestedName(String body) {
        try {
            return Optional.ofNullable(JSON.readTree(body))
                    .map(node -> node.path("checkpoint"))
                    .filter(JsonNode::isTextual)
                    .map(JsonNode::asText);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        }
    }

    /** Verifies the checksums here, so that the model's thread only has to copy the weights. */
    private CompletionStage<Optional<Checkpoint>> open(String name) {
        return name.equals(LIVE)
                ? CompletableFuture.completedFuture(Optional.empty())
                : CompletableFuture.supplyAsync(
                        () -> Optional.of(store.catalog().open(name)), blocking);
    }

    private static HttpResponse response(ServeReply reply) {
        return reply instanceof Refused refused
                ? Problem.conflict(refused.reason())
                : Json.response(new ServingView(name(((Serving) reply).checkpoint())));
    }
}
