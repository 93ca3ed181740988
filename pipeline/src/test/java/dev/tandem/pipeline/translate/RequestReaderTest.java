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
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestReaderTest {
    private static final byte[] IMAGE = png(halves(40, 40, 0xff0000, 0xff));
    private final RequestReader reader = new RequestReader(TestSettings.tiny("model.latent=3"), () -> true);

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
        RequestReader withoutEncoder = new RequestReader(TestSettings.tiny("model.encoder.type=none"), () -> false);

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

    @Test
    void read_padAndNearest_holdForTheInputAndTheStyle() throws InvalidInput {
        RequestReader padding = new RequestReader(
                TestSettings.tiny("model.latent=3", "images.fit=pad", "images.resize=nearest"), () -> true);
        byte[] wide = png(halves(80, 20, 0x00ff00, 0x0000ff));

        Tensor a = padding.read(record(0, wide)).request().a();
        Tensor style = ((Styled) padding.read(IMAGE, wide, name -> Optional.empty())
                        .request()
                        .latent())
                .b();

        // Rows 12 to 19 of 32 are the image.
        assertThat(pixel(a, 0, 11)).containsExactly(1, 1, 1);
        assertThat(pixel(a, 15, 12)).containsExactly(-1, 1, -1);
        assertThat(pixel(a, 16, 19)).containsExactly(-1, -1, 1);
        assertThat(pixel(a, 31, 20)).containsExactly(1, 1, 1);
        assertThat(style.data()).isEqualTo(a.data());
    }

    private static float[] pixel(Tensor image, int x, int y) {
        float[] channels = new float[3];
        for (int c = 0; c < 3; c++) {
            channels[c] = image.data()[(c * 32 + y) * 32 + x];
        }
        return channels;
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
                "tandem-latent | 1,2,3,4",
                "tandem-latent | 1,2,1e38",
                "tandem-latent | -1000.5,2,3",
                "tandem-latent | Infinity,2,3",
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
