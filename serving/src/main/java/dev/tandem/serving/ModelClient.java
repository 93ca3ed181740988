package dev.tandem.serving;

import dev.tandem.actors.ModelActor;
import dev.tandem.actors.ModelActor.Description;
import dev.tandem.actors.ModelActor.ServeReply;
import dev.tandem.actors.ModelActor.Serving;
import dev.tandem.actors.ModelActor.TranslateReply;
import dev.tandem.actors.SamplerActor;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.tensor.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/**
 * Client of the current model, for the HTTP API and the dashboard.
 *
 * <p>While no model runs, because it is starting or being rebuilt, every request fails with {@link Unavailable}. A reply
 * that takes longer than the timeout fails with a {@code TimeoutException}. Thread-safe.
 */
public final class ModelClient {
    /** Multiple of the timeout for the sampler. The sampler's own requests to the model must time out first. */
    private static final int SAMPLER_TIMEOUTS = 3;

    private final Duration timeout;
    private final AtomicReference<Optional<Connection>> connection = new AtomicReference<>(Optional.empty());

    private final AtomicReference<Optional<String>> servingCheckpoint = new AtomicReference<>(Optional.empty());

    private record Connection(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            boolean hasEncoder) {}

    /** No model is running at the moment; the request can be repeated. */
    public static final class Unavailable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unavailable() {
            super("the model is not ready; try again in a moment");
        }
    }

    /** @param timeout maximum time for a reply of the model, including a training step that runs before it */
    public ModelClient(Duration timeout) {
        this.timeout = timeout;
    }

    void connect(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            Description description) {
        servingCheckpoint.set(description.serving());
        connection.set(Optional.of(new Connection(system, model, sampler, description.hasEncoder())));
    }

    void disconnect() {
        connection.set(Optional.empty());
    }

    /** Whether the model can encode a style from an image; false while no model runs. */
    public boolean hasEncoder() {
        return connection.get().map(Connection::hasEncoder).orElse(false);
    }

    public CompletionStage<Description> describe() {
        return ask(ModelActor.Describe::new);
    }

    /** Translates N images with N latents by the live model, even while a checkpoint serves. */
    public CompletionStage<TranslateReply> preview(Tensor a, Tensor z) {
        return ask(replyTo -> new ModelActor.Preview(a, z, replyTo));
    }

    /** Selects the checkpoint that serves all further translations; empty: the live model serves. */
    public CompletionStage<ServeReply> serve(Optional<Checkpoint> checkpoint) {
        return this.<ServeReply>ask(replyTo -> new ModelActor.Serve(checkpoint, replyTo))
                .whenComplete((reply, failure) -> {
                    if (reply instanceof Serving serving) {
                        servingCheckpoint.set(serving.checkpoint());
                    }
                });
    }

    /** The name of the serving checkpoint, as last reported by the model; empty: the live model serves. */
    public Optional<String> servingCheckpoint() {
        return servingCheckpoint.get();
    }

    public CompletionStage<SamplerActor.Reply> sample(SamplerActor.Request request) {
        return connection
                .get()
                .map(current -> AskPattern.<SamplerActor.Command, SamplerActor.Reply>ask(
                        current.sampler(),
                        replyTo -> new SamplerActor.Sample(List.of(request), replyTo),
                        timeout.multipliedBy(SAMPLER_TIMEOUTS),
                        current.system().scheduler()))
                .orElseGet(ModelClient::unavailable);
    }

    private <R> CompletionStage<R> ask(Function<ActorRef<R>, ModelActor.Command> command) {
        return connection
                .get()
                .map(current -> AskPattern.<ModelActor.Command, R>ask(
                        current.model(),
                        command::apply,
                        timeout,
                        current.system().scheduler()))
                .orElseGet(ModelClient::unavailable);
    }

    private static <R> CompletionStage<R> unavailable() {
        return CompletableFuture.failedFuture(new Unavailable());
    }
}
