package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.ModelActor.Encode;
import dev.tandem.actors.ModelActor.Encoded;
import dev.tandem.actors.ModelActor.Refused;
import dev.tandem.actors.ModelActor.Translate;
import dev.tandem.actors.ModelActor.Translated;
import dev.tandem.actors.SamplerActor.Failed;
import dev.tandem.actors.SamplerActor.Given;
import dev.tandem.actors.SamplerActor.Latent;
import dev.tandem.actors.SamplerActor.Reply;
import dev.tandem.actors.SamplerActor.Request;
import dev.tandem.actors.SamplerActor.Result;
import dev.tandem.actors.SamplerActor.Sample;
import dev.tandem.actors.SamplerActor.Sampled;
import dev.tandem.actors.SamplerActor.Seeded;
import dev.tandem.actors.SamplerActor.Styled;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import java.time.Duration;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class SamplerActorTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final int LATENT = 2;

    private final TestProbe<ModelActor.Command> model = KIT.createTestProbe();
    private final TestProbe<Reply> replies = KIT.createTestProbe();
    private final ActorRef<SamplerActor.Command> sampler =
            KIT.spawn(SamplerActor.create(model.ref(), LATENT, Duration.ofMinutes(1)));

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @Test
    void sample_severalSeeds_callsTheModelOnceAndSplitsTheResult() {
        sampler.tell(new Sample(List.of(request(2, new Seeded(7)), request(3, new Seeded(8))), replies.ref()));

        Translate translate = model.expectMessageClass(Translate.class);
        assertThat(translate.a().shape()).isEqualTo(Shape.of(5, 3, 1, 1));
        translate.replyTo().tell(new Translated(numbered(5), "m"));
        List<Result> results = replies.expectMessageClass(Sampled.class).results();

        assertThat(results.get(0).b().data()).containsExactly(0, 0, 0, 1, 1, 1);
        assertThat(results.get(1).b().shape().batch()).isEqualTo(3);
        assertThat(results.get(0).z().data())
                .isEqualTo(Latents.random(7, 2, LATENT).data());
        assertThat(results.get(1).z().data())
                .isEqualTo(Latents.random(8, 3, LATENT).data());
    }

    @Test
    void random_moreSamplesOfASeed_startWithTheSameLatents() {
        assertThat(Latents.random(7, 5, LATENT).rows(0, 2).data())
                .isEqualTo(Latents.random(7, 2, LATENT).data());
    }

    @Test
    void sample_givenLatent_usesItForAllSamples() {
        Latent given = new Given(Tensor.of(Shape.of(1, LATENT), 0.5f, -1));

        sampler.tell(new Sample(List.of(request(2, given)), replies.ref()));

        assertThat(model.expectMessageClass(Translate.class).z().data()).containsExactly(0.5f, -1, 0.5f, -1);
    }

    @Test
    void sample_styles_encodesThemAndKeepsTheOrderOfRequests() {
        Tensor style = Tensor.zeros(1, 3, 1, 1);

        sampler.tell(new Sample(
                List.of(request(1, new Styled(style)), request(1, new Seeded(7)), request(1, new Styled(style))),
                replies.ref()));
        Encode encode = model.expectMessageClass(Encode.class);
        assertThat(encode.b().shape().batch()).isEqualTo(2);
        encode.replyTo().tell(new Encoded(Tensor.of(Shape.of(2, LATENT), 1, 2, 3, 4)));

        Tensor z = model.expectMessageClass(Translate.class).z();
        assertThat(z.rows(0, 1).data()).containsExactly(1, 2);
        assertThat(z.rows(1, 2).data()).isEqualTo(Latents.random(7, 1, LATENT).data());
        assertThat(z.rows(2, 3).data()).containsExactly(3, 4);
    }

    @Test
    void sample_modelRefuses_failsPermanentlyWithTheReason() {
        sampler.tell(new Sample(List.of(request(1, new Seeded(7))), replies.ref()));
        model.expectMessageClass(Translate.class).replyTo().tell(new Refused("no such size"));

        assertThat(replies.expectMessageClass(Failed.class)).isEqualTo(new Failed("no such size", true));
    }

    private static Request request(int samples, Latent latent) {
        return new Request(Tensor.zeros(1, 3, 1, 1), samples, latent);
    }

    /** Every pixel of image i is i. */
    private static Tensor numbered(int count) {
        Tensor tensor = Tensor.zeros(count, 3, 1, 1);
        for (int i = 0; i < tensor.data().length; i++) {
            tensor.data()[i] = i / 3;
        }
        return tensor;
    }
}
