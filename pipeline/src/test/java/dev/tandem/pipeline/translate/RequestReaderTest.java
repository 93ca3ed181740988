package dev.tandem.pipeline.translate;

import static dev.tandem.images.TestImages.halves;
import static dev.tandem.images.TestImages.png;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.actors.SamplerActor.Given;
import dev.tandem.actors.SamplerActor.Seeded;
import dev.tandem.actors.SamplerActor.Styled;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.model.TestSettings;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReaderTest {
    private static final byte[] IMAGE = png(halves(40, 40, 0xff0000, 0xff));
    private final RequestReader reader = new RequestReader(TestSettings.tiny("model.latent=3"), true);

    @Test
    void read_noHeaders_usesDefaultsAndASeedFromTheOffset() throws InvalidInput {
        TranslationRequest first = reader.read(record(5, IMAGE));
        TranslationRequest again = reader.read(record(5, IMAGE));
        TranslationRequest other = reader.read(record(6, IMAGE));

        assertThat(first.request().samples()).isEqualTo(5);
        assertThat(first.request().a().shape()).isEqualTo(Shape.of(1, 3, 32, 32));
        assertThat(first.seed()).isEqualTo(again.seed()).isNotEqualTo(other.seed());
        assertThat(first.request().latent()).isEqualTo(new Seeded(first.seed().orElseThrow()));
    }

    @Test
    void read_samplesAndSeed_areUsed() throws InvalidInput {
        TranslationRequest request =
                reader.read(with(with(record(0, IMAGE), "tandem-samples", "3"), "tandem-seed", "-9"));

        assertThat(request.request().samples()).isEqualTo(3);
        assertThat(request.request().latent()).isEqualTo(new Seeded(-9));
    }

    @Test
    void read_latent_isOneTranslationWithThisLatent() throws InvalidInput {
        TranslationRequest request = reader.read(with(record(0, IMAGE), "tandem-latent", "0.5,-1, 2e-3"));

        assertThat(request.request().samples()).isEqualTo(1);
        assertThat(request.seed()).isEmpty();
        assertThat(((Given) request.request().latent()).z().data()).containsExactly(0.5f, -1, 0.002f);
    }

    @Test
    void read_frames_isAPathThroughTheRandomLatentsOfTheSeed() throws InvalidInput {
        TranslationRequest request = reader.read(with(
                with(with(record(0, IMAGE), "tandem-frames", "6"), "tandem-samples", "3"), "tandem-seed", "4"));

        Tensor path = ((Given) request.request().latent()).z();
        assertThat(request.pathLatents()).hasValue(3);
        assertThat(request.request().samples()).isEqualTo(6);
        assertThat(path.shape()).isEqualTo(Shape.of(6, 3));
        assertThat(path.rows(2, 3).data())
                .isEqualTo(Latents.random(4, 3, 3).rows(1, 2).data());
        assertThatThrownBy(() ->
                        reader.read(with(with(record(0, IMAGE), "tandem-frames", "6"), "tandem-latent", "1,2,3")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("absent together with tandem-latent");
    }

    @Test
    void read_styleWithoutEncoder_isInvalid() {
        RequestReader withoutEncoder = new RequestReader(TestSettings.tiny("model.encoder.type=none"), false);

        assertThatThrownBy(() -> withoutEncoder.read(with(record(0, IMAGE), "tandem-style", "right-half")))
                .isInstanceOf(InvalidInput.class)
                .hasMessageContaining("no encoder");
    }

    @Test
    void read_style_usesTheRightHalf() throws InvalidInput {
        byte[] joined = png(halves(80, 40, 0xff0000, 0xff));

        TranslationRequest request = reader.read(with(record(0, joined), "tandem-style", "right-half"));

        Styled style = (Styled) request.request().latent();
        assertThat(style.b().shape()).isEqualTo(Shape.of(1, 3, 32, 32));
        // Blue: the third channel is 1.
        assertThat(style.b().data()[2 * 32 * 32]).isEqualTo(1);
        assertThat(request.request().a().data()[0]).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tandem-samples | 0",
                "tandem-samples | 65",
                "tandem-samples | many",
                "tandem-samples | 99999999999999999999",
                "tandem-frames | 1",
                "tandem-frames | 65",
                "tandem-seed | x",
                "tandem-latent | 1,2",
                "tandem-latent | 1,2,NaN",
                "tandem-latent | 1,,2",
                "tandem-style | left-half"
            })
    void read_wrongHeaderValue_isInvalid(String header, String value) {
        assertThatThrownBy(() -> reader.read(with(record(0, IMAGE), header, value)))
                .isInstanceOfSatisfying(
                        InvalidInput.class,
                        invalid -> assertThat(invalid.reason()).isEqualTo(Reason.BAD_HEADER))
                .hasMessageContaining(header);
    }

    @Test
    void read_longHeaderValue_isQuotedInPart() {
        assertThatThrownBy(() -> reader.read(with(record(0, IMAGE), "tandem-seed", "9".repeat(100_000))))
                .message()
                .hasSizeLessThan(200);
    }

    private static ConsumerRecord<byte[], byte[]> record(long offset, byte[] value) {
        return new ConsumerRecord<>("sources", 1, offset, new byte[0], value);
    }

    private static ConsumerRecord<byte[], byte[]> with(
            ConsumerRecord<byte[], byte[]> record, String header, String value) {
        record.headers().add(header, value.getBytes(StandardCharsets.UTF_8));
        return record;
    }
}
