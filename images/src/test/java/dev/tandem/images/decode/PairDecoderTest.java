package dev.tandem.images.decode;

import static dev.tandem.images.TestImages.halves;
import static dev.tandem.images.TestImages.png;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Settings;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.model.TestSettings;
import java.nio.ByteBuffer;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PairDecoderTest {
    private static final int RED = 0xffff0000;
    private static final int BLUE = 0xff0000ff;
    private static final Optional<String> PARTS = Optional.of("parts");

    private final Settings settings = TestSettings.tiny();
    private final PairDecoder decoder = new PairDecoder(settings.images(), settings.model());

    @Test
    void decode_aligned_splitsIntoALeftAndBRight() throws InvalidInput {
        ImagePair pair = decoder.decode(png(halves(40, 20, RED, BLUE)), Optional.empty());

        assertThat(pair.a().getRGB(19, 10)).isEqualTo(RED);
        assertThat(pair.b().getRGB(0, 10)).isEqualTo(BLUE);
        assertThat(pair.a().getWidth()).isEqualTo(20);
    }

    @Test
    void decode_directionBToA_usesTheRightHalfAsInput() throws InvalidInput {
        Settings reversed = TestSettings.tiny("model.direction=BtoA");

        ImagePair pair = new PairDecoder(reversed.images(), reversed.model())
                .decode(png(halves(40, 20, RED, BLUE)), Optional.empty());

        assertThat(pair.a().getRGB(0, 0)).isEqualTo(BLUE);
        assertThat(pair.b().getRGB(0, 0)).isEqualTo(RED);
    }

    @Test
    void decode_parts_readsTwoImagesPrecededByTheirLengths() throws InvalidInput {
        byte[] a = png(halves(20, 20, RED, RED));
        byte[] b = png(halves(20, 20, BLUE, BLUE));
        byte[] value = ByteBuffer.allocate(8 + a.length + b.length)
                .putInt(a.length)
                .put(a)
                .putInt(b.length)
                .put(b)
                .array();

        ImagePair pair = decoder.decode(value, PARTS);

        assertThat(pair.a().getRGB(0, 0)).isEqualTo(RED);
        assertThat(pair.b().getRGB(0, 0)).isEqualTo(BLUE);
    }

    @ParameterizedTest
    @CsvSource({
        "41, 20, WRONG_ASPECT",
        "20, 20, WRONG_ASPECT",
        "100, 20, WRONG_ASPECT",
        "1, 1, WRONG_ASPECT",
        "2, 1, TOO_SMALL",
        "1, 400, WRONG_ASPECT",
        "8, 4, TOO_SMALL"
    })
    void decode_invalidSize_isRejected(int width, int height, Reason reason) {
        byte[] value = png(halves(width, height, RED, BLUE));

        assertRejected(value, Optional.empty(), reason);
    }

    @Test
    void decode_otherAspect_isRejectedWithTheSettingThatAcceptsIt() {
        assertThatThrownBy(() -> decoder.decode(png(halves(100, 20, RED, BLUE)), Optional.empty()))
                .isInstanceOf(InvalidInput.class)
                .hasMessage(
                        "each image of the pair is 50x20 pixels and the model's size is 32x32; images.max-distortion allows the"
                                + " aspect ratios to differ by a factor of 1.5; images.fit=pad or images.fit=crop accepts any"
                                + " aspect ratio");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pad", "crop"})
    void decode_padOrCrop_acceptsAnyAspectAndLeavesThePixels(String fit) throws InvalidInput {
        ImagePair pair = decoder("images.fit=" + fit).decode(png(halves(100, 20, RED, BLUE)), Optional.empty());

        assertThat(pair.a().getWidth()).isEqualTo(50);
        assertThat(pair.b().getHeight()).isEqualTo(20);
    }

    /** Of 50x8 pixels, images.fit=crop keeps 8x8. */
    @ParameterizedTest
    @CsvSource({"pad, 8, true", "pad, 9, false", "crop, 8, true", "crop, 9, false"})
    void decode_padOrCrop_checksTheSmallestSideOfWhatIsKept(String fit, int minSide, boolean accepted) {
        byte[] value = png(halves(100, 8, RED, BLUE));
        PairDecoder limited = decoder("images.fit=" + fit, "images.min-side=" + minSide);

        if (accepted) {
            assertThatCode(() -> limited.decode(value, Optional.empty())).doesNotThrowAnyException();
        } else {
            assertThatThrownBy(() -> limited.decode(value, Optional.empty()))
                    .isInstanceOfSatisfying(
                            InvalidInput.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_SMALL));
        }
    }

    @Test
    void decode_cropOfAWideModel_checksTheSmallestSideOfWhatIsKept() {
        PairDecoder wide = decoder("images.fit=crop", "model.image-size=32x128");

        assertThatThrownBy(() -> wide.decode(png(halves(40, 40, RED, BLUE)), Optional.empty()))
                .hasMessage(
                        "each image of the pair is 20x40 pixels, of which images.fit=crop keeps 20x5; images.min-side requires"
                                + " at least 8");
    }

    @Test
    void decode_partsWithWrongLength_isRejected() {
        assertRejected(ByteBuffer.allocate(8).putInt(Integer.MAX_VALUE).array(), PARTS, Reason.DAMAGED_IMAGE);
        assertRejected(ByteBuffer.allocate(8).putInt(-1).array(), PARTS, Reason.DAMAGED_IMAGE);
        assertRejected(new byte[3], PARTS, Reason.DAMAGED_IMAGE);
        assertRejected(new byte[8], PARTS, Reason.EMPTY);
    }

    @Test
    void decode_unknownLayout_isRejected() {
        assertRejected(png(halves(40, 20, RED, BLUE)), Optional.of("upside-down"), Reason.BAD_HEADER);
    }

    private static PairDecoder decoder(String... assignments) {
        Settings settings = TestSettings.tiny(assignments);
        return new PairDecoder(settings.images(), settings.model());
    }

    private void assertRejected(byte[] value, Optional<String> layout, Reason reason) {
        assertThatThrownBy(() -> decoder.decode(value, layout))
                .isInstanceOfSatisfying(
                        InvalidInput.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
