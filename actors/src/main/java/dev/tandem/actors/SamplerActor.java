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

/**
 * Translates requests with the model: determines their latents, calls the model once for all of them, and splits the
 * result by request.
 */
public final class SamplerActor extends AbstractBehavior<SamplerActor.Command> {

    public sealed interface Command {}

    /** Translates several requests in one call of the model. */
    public record Sample(List<Request> requests, ActorRef<Reply> replyTo) implements Command {}

    private record StylesEncoded(Sample sample, Tensor mu) implements Command {}

    private record ImagesTranslated(Sample sample, Tensor z, Translated translated) implements Command {}

    private record ModelFailed(Sample sample, String reason, boolean permanent) implements Command {}

    /**
     * One image to translate.
     *
     * @param a (1, C, H, W) in [-1, 1]
     * @param samples number of translations
     * @param latent source of the latents
     */
    public record Request(Tensor a, int samples, Latent latent) {}

    /** Source of the latents of a request. */
    public sealed interface Latent {}

    /** Random latents of a seed. Latent i is the same for any number of samples. */
    public record Seeded(long seed) implements Latent {}

    /** @param z one latent for all samples, (1, L), or one per sample, (samples, L) */
    public record Given(Tensor z) implements Latent {}

    /** @param b the image whose encoding is the latent of all samples, (1, C, H, W) in [-1, 1] */
    public record Styled(Tensor b) implements Latent {}

    public sealed interface Reply {}

    /** One result per request, in the order of the requests. */
    public record Sampled(List<Result> results) implements Reply {}

    /**
     * The requests could not be translated.
     *
     * @param permanent whether the same requests always fail; false: the model did not answer
     */
    public record Failed(String reason, boolean permanent) implements Reply {}

    /**
     * The translations of one request.
     *
     * @param b (samples, C, H, W) in [-1, 1]
     * @param z (samples, L)
     * @param model the weights that translated: checkpoint and step
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

    /**
     * Creates the actor.
     *
     * @param latentLength length of z
     * @param timeout maximum time of a call of the model, including a training step before it
     */
    public static Behavior<Command> create(ActorRef<ModelActor.Command> model, int latentLength, Duration timeout) {
        return Behaviors.setup(context -> new SamplerActor(context, model, latentLength, timeout));
    }

    @Override
    public Receive<Command> createReceive() {
        return newReceiveBuilder()
                .onMessage(Sample.class, this::onSample)
                .onMessage(StylesEncoded.class, this::onStylesEncoded)
                .onMessage(ImagesTranslated.class, this::onImagesTranslated)
                .onMessage(ModelFailed.class, this::onModelFailed)
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
                                : modelFailed(sample, reply, failure));
        return this;
    }

    /** Replaces each style by its encoded latent. */
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

    private Behavior<Command> onImagesTranslated(ImagesTranslated message) {
        List<Result> results = new ArrayList<>();
        int from = 0;
        for (Request request : message.sample().requests()) {
            int to = from + request.samples();
            results.add(new Result(
                    message.translated().b().rows(from, to),
                    message.z().rows(from, to),
                    message.translated().model()));
            from = to;
        }
        message.sample().replyTo().tell(new Sampled(List.copyOf(results)));
        return this;
    }

    private Behavior<Command> onModelFailed(ModelFailed failed) {
        failed.sample().replyTo().tell(new Failed(failed.reason(), failed.permanent()));
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
                                ? new ImagesTranslated(sample, z, translated)
                                : modelFailed(sample, reply, failure));
    }

    /** Returns one latent per sample, (samples, L). */
    private Tensor latents(Request request) {
        if (request.latent() instanceof Given given) {
            boolean onePerSample = given.z().shape().batch() == request.samples();
            return onePerSample ? given.z() : Tensor.stack(Collections.nCopies(request.samples(), given.z()));
        }
        return Latents.random(((Seeded) request.latent()).seed(), request.samples(), latentLength);
    }

    /** Describes a reply other than the expected one, or a missing reply ({@code failure} is set). */
    private static Command modelFailed(Sample sample, Object reply, Throwable failure) {
        return reply instanceof Refused refused
                ? new ModelFailed(sample, refused.reason(), true)
                : new ModelFailed(sample, "the model did not answer: " + failure, false);
    }
}
