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

/** The model of now, for those who are no stream; between two, while it is rebuilt, there is none. */
public final class ModelClient {
    private final Duration patience;
    private final AtomicReference<Optional<Present>> present = new AtomicReference<>(Optional.empty());

    private final AtomicReference<Optional<String>> serving = new AtomicReference<>(Optional.empty());

    private record Present(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            boolean takesStyles) {}

    /** There is no model now; there will be one again. */
    public static final class Absent extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Absent() {
            super("the model is being made ready; try again in a moment");
        }
    }

    /** @param patience how long the model may take to answer, a training step before included */
    public ModelClient(Duration patience) {
        this.patience = patience;
    }

    void present(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            Description description) {
        serving.set(description.serving());
        present.set(Optional.of(new Present(system, model, sampler, description.hasEncoder())));
    }

    void absent() {
        present.set(Optional.empty());
    }

    /** Whether styles can be taken from pictures; no while there is no model. */
    public boolean takesStyles() {
        return present.get().map(Present::takesStyles).orElse(false);
    }

    public CompletionStage<Description> describe() {
        return ask(ModelActor.Describe::new);
    }

    /** Translates by the weights that learn, whatever is served. */
    public CompletionStage<TranslateReply> preview(Tensor a, Tensor z) {
        return ask(replyTo -> new ModelActor.Preview(a, z, replyTo));
    }

    /** Translates by a checkpoint from now on; by the weights that learn if it is empty. */
    public CompletionStage<ServeReply> serve(Optional<Checkpoint> checkpoint) {
        return this.<ServeReply>ask(replyTo -> new ModelActor.Serve(checkpoint, replyTo))
                .whenComplete((reply, failure) -> {
                    if (reply instanceof Serving now) {
                        serving.set(now.checkpoint());
                    }
                });
    }

    /** The checkpoint that translates, as far as is known here; empty: the weights that learn. */
    public Optional<String> serving() {
        return serving.get();
    }

    public CompletionStage<SamplerActor.Reply> sample(SamplerActor.Request request) {
        return present.get()
                .map(now -> AskPattern.<SamplerActor.Command, SamplerActor.Reply>ask(
                        now.sampler(),
                        replyTo -> new SamplerActor.Sample(List.of(request), replyTo),
                        // The sampler's own question to the model must be the one that runs out of time.
                        patience.multipliedBy(3),
                        now.system().scheduler()))
                .orElseGet(() -> CompletableFuture.failedFuture(new Absent()));
    }

    private <R> CompletionStage<R> ask(Function<ActorRef<R>, ModelActor.Command> question) {
        return present.get()
                .map(now -> AskPattern.<ModelActor.Command, R>ask(
                        now.model(), question::apply, patience, now.system().scheduler()))
                .orElseGet(() -> CompletableFuture.failedFuture(new Absent()));
    }
}
