package dev.tandem.actors;

import dev.tandem.actors.ModelActor.EncodeReply;
import dev.tandem.actors.ModelActor.Encoded;
import dev.tandem.actors.ModelActor.Refused;
import dev.tandem.actors.ModelActor.TranslateReply;
import dev.tandem.actors.ModelActor.Translated;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** Turns requests into latents, has the model translate, and gives every request its share of the result. */
public final class SamplerActor extends AbstractBehavior<SamplerActor.Command> {

    public sealed interface Command {}

    /** Translates several requests in one visit to the model. */
    public record Sample(List<Request> requests, ActorRef<Reply> replyTo) implements Command {}

    private record StylesEncoded(Sample sample, Tensor mu) implements Command {}

    private record AllTranslated(Sample sample, Tensor z, Translated translated) implements Command {}

    private record Unanswered(Sample sample, String reason, boolean refused) implements Command {}

    /**
     * @param a (1, C, H, W) in [-1, 1]
     * @param samples how many translations
     */
    public record Request(Tensor a, int samples, Latent latent) {}

    /** Where the latents of a request come from. */
    public sealed interface Latent {}

    /** Drawn: sample i of a seed is the same whatever the number of samples. */
    public record Seeded(long seed) implements Latent {}

    /** @param z (1, L) for all samples, or (samples, L) */
    public record Given(Tensor z) implements Latent {}

    /** Encoded from a picture B, (1, C, H, W). */
    public record Styled(Tensor b) implements Latent {}

    public sealed interface Reply {}

    /** One result per request, in their order. */
    public record Sampled(List<Result> results) implements Reply {}

    /** @param refused whether it would fail again, whenever it is asked */
    public record Failed(String reason, boolean refused) implements Reply {}

    /**
     * @param b (samples, C, H, W)
     * @param z (samples, L)
     */
    public record Result(Tensor b, Tensor z, String model) {}

    private final ActorRef<ModelActor.Command> model;
    private final int latentLength;
    private final Duration timeout;

    private SamplerActor(
            ActorContext<Command> context, ActorRef<ModelActor.Command> model, int latentLength, Duration timeout) {
        super(context);
        this.model = model;
        this.latentLength = latentLength;
        this.timeout = timeout;
    }

    /** @param timeout how long the model may take, a training step before the request included */
    public static Behavior<Command> create(ActorRef<ModelActor.Command> model, int latentLength, Duration timeout) {
        return Behaviors.setup(context -> new SamplerActor(context, model, latentLength, timeout));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Sample.class, this::onSample)
                .onMessage(StylesEncoded.class, this::onStylesEncoded)
                .onMessage(AllTranslated.class, this::onAllTranslated)
                .onMessage(Unanswered.class, this::onUnanswered)
                .build();
    }

    private Behavior<Command> onSample(Sample sample) {
        List<Tensor> styles = sample.requests().stream()
                .filter(request -> request.latent() instanceof Styled)
                .map(request -> ((Styled) request.latent()).b())
                .toList();
        if (styles.isEmpty()) {
            translate(sample);
            return this;
        }
        getContext()
                .ask(
                        EncodeReply.class,
                        model,
                        timeout,
                        replyTo -> new ModelActor.Encode(Tensor.stack(styles), replyTo),
                        (reply, failure) -> reply instanceof Encoded encoded
                                ? new StylesEncoded(sample, encoded.mu())
                                : new Unanswered(sample, reason(reply, failure), reply instanceof Refused));
        return this;
    }

    /** From here on a style is a latent like any other. */
    private Behavior<Command> onStylesEncoded(StylesEncoded encoded) {
        List<Request> requests = new ArrayList<>();
        int style = 0;
        for (Request request : encoded.sample().requests()) {
            if (request.latent() instanceof Styled) {
                Latent latent = new Given(encoded.mu().rows(style, style + 1));
                requests.add(new Request(request.a(), request.samples(), latent));
                style++;
            } else {
                requests.add(request);
            }
        }
        translate(new Sample(requests, encoded.sample().replyTo()));
        return this;
    }

    private Behavior<Command> onAllTranslated(AllTranslated all) {
        List<Result> results = new ArrayList<>();
        int from = 0;
        for (Request request : all.sample().requests()) {
            int to = from + request.samples();
            results.add(new Result(
                    all.translated().b().rows(from, to),
                    all.z().rows(from, to),
                    all.translated().model()));
            from = to;
        }
        all.sample().replyTo().tell(new Sampled(List.copyOf(results)));
        return this;
    }

    private Behavior<Command> onUnanswered(Unanswered unanswered) {
        unanswered.sample().replyTo().tell(new Failed(unanswered.reason(), unanswered.refused()));
        return this;
    }

    private void translate(Sample sample) {
        List<Tensor> images = new ArrayList<>();
        List<Tensor> latents = new ArrayList<>();
        for (Request request : sample.requests()) {
            images.addAll(Collections.nCopies(request.samples(), request.a()));
            latents.add(latents(request));
        }
        Tensor z = Tensor.stack(latents);
        getContext()
                .ask(
                        TranslateReply.class,
                        model,
                        timeout,
                        replyTo -> new ModelActor.Translate(Tensor.stack(images), z, replyTo),
                        (reply, failure) -> reply instanceof Translated translated
                                ? new AllTranslated(sample, z, translated)
                                : new Unanswered(sample, reason(reply, failure), reply instanceof Refused));
    }

    /** (samples, L) */
    private Tensor latents(Request request) {
        if (request.latent() instanceof Given given) {
            boolean each = given.z().shape().batch() == request.samples();
            return each ? given.z() : Tensor.stack(Collections.nCopies(request.samples(), given.z()));
        }
        return Latents.drawn(((Seeded) request.latent()).seed(), request.samples(), latentLength);
    }

    private static String reason(Object reply, Throwable failure) {
        return reply instanceof Refused refused ? refused.reason() : "the model did not answer: " + failure;
    }
}
