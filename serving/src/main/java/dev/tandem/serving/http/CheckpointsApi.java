package dev.tandem.serving.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tandem.model.checkpoint.CheckpointCatalog;
import dev.tandem.model.checkpoint.CheckpointCatalog.Summary;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.validation.Score;
import dev.tandem.serving.ModelClient;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.PathMatchers;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /v1/checkpoints}: lists the checkpoints, pins and unpins them. A pinned checkpoint is never removed. */
final class CheckpointsApi extends AllDirectives {
    private final CheckpointStore store;
    private final ModelClient model;
    private final Executor blocking;

    private record CheckpointView(
            @JsonProperty("name") String name,
            @JsonProperty("step") long step,
            @JsonProperty("pairs") long pairs,
            @JsonProperty("written") String written,
            @JsonProperty("bytes") long bytes,
            @JsonProperty("pinned") boolean pinned,

            @JsonProperty("validation") @JsonInclude(JsonInclude.Include.NON_NULL)
            Score validation,

            @JsonProperty("best") boolean best,
            @JsonProperty("serving") boolean serving) {}

    private record CheckpointsView(
            @JsonProperty("serving") String serving,
            @JsonProperty("checkpoints") List<CheckpointView> checkpoints) {}

    CheckpointsApi(ActorSystem<?> system, CheckpointStore store, ModelClient model) {
        this.store = store;
        this.model = model;
        this.blocking = system.dispatchers().lookup(DispatcherSelector.blocking());
    }

    Route routes() {
        return pathPrefix(
                "checkpoints",
                () -> concat(
                        pathEndOrSingleSlash(() -> get(() -> completeWithFuture(Json.asyncResponse(checkpoints())))),
                        path(
                                PathMatchers.segment().slash("pin"),
                                name -> concat(put(() -> pin(name, true)), delete(() -> pin(name, false))))));
    }

    private CompletionStage<CheckpointsView> checkpoints() {
        return model.describe().thenApplyAsync(description -> view(ServingApi.name(description.serving())), blocking);
    }

    private Route pin(String name, boolean pinned) {
        if (store.isReadOnly()) {
            return complete(Problem.conflict("this process does not train, so it cannot change the checkpoints;"
                    + " send the request to the process that trains"));
        }
        return completeWithFuture(Json.asyncResponse(
                CompletableFuture.runAsync(() -> store.catalog().pin(name, pinned), blocking)
                        .thenCompose(done -> checkpoints())));
    }

    private CheckpointsView view(String serving) {
        List<Summary> all = store.catalog().list();
        Optional<String> best = CheckpointCatalog.best(all);
        return new CheckpointsView(
                serving,
                all.stream()
                        .map(checkpoint -> view(
                                checkpoint,
                                best.filter(checkpoint.name()::equals).isPresent(),
                                serving))
                        .toList());
    }

    private static CheckpointView view(Summary checkpoint, boolean best, String serving) {
        return new CheckpointView(
                checkpoint.name(),
                checkpoint.step(),
                checkpoint.pairs(),
                checkpoint.written().toString(),
                checkpoint.bytes(),
                checkpoint.pinned(),
                checkpoint.score().orElse(null),
                best,
                checkpoint.name().equals(serving));
    }
}
