package dev.tandem.images.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.config.ImageSettings;
import dev.tandem.images.TestImages;
import dev.tandem.images.decode.InvalidInput.Reason;
import java.awt.Color;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.WritableRaster;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    private static final int ORANGE = 0xff8000;
    private static final BufferedImage ORANGE_IMAGE = TestImages.filled(16, 16, ORANGE);
    private static final ImageSettings LIMITS = TestImages.limits(1_000_000, 1 << 20);

    private final ImageDecoder decoder = new ImageDecoder(LIMITS);

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
    void decode_commonFormats_givesOpaqueRgb(String format) throws InvalidInput {
        BufferedImage decoded = decoder.decode(TestImages.encoded(ORANGE_IMAGE, format));

        assertThat(decoded.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
        assertThat(decoded.getWidth()).isEqualTo(16);
        assertColour(decoded, ORANGE);
    }

    @Test
    void decode_webp_givesRgb() throws InvalidInput {
        byte[] onePixel = Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");

        BufferedImage decoded = decoder.decode(onePixel);

        assertThat(decoded.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
        assertThat(decoded.getWidth()).isEqualTo(1);
    }

    @Test
    void decode_transparentImage_isCompositedOntoWhite() throws InvalidInput {
        BufferedImage clear = new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB);

        assertColour(decoder.decode(TestImages.png(clear)), 0xffffff);
    }

    @Test
    void decode_keepAlpha_keepsTransparency() throws InvalidInput {
        BufferedImage clear = new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB);
        clear.setRGB(3, 4, 0x80ff7f00);

        BufferedImage decoded = new ImageDecoder(LIMITS, true).decode(TestImages.png(clear));

        assertThat(decoded.getRGB(3, 4)).isEqualTo(0x80ff7f00);
        assertThat(decoded.getRGB(0, 0) >>> 24).isZero();
    }

    @ParameterizedTest
    @CsvSource({"false, 255", "false, 128", "true, 255", "true, 128"})
    void decode_grey_keepsItsLevel(boolean alpha, int level) throws InvalidInput {
        for (int type : new int[] {DataBuffer.TYPE_BYTE, DataBuffer.TYPE_USHORT}) {
            ComponentColorModel model = new ComponentColorModel(
                    ColorSpace.getInstance(ColorSpace.CS_GRAY), alpha, false, alpha ? 3 : 1, type);
            WritableRaster raster = model.createCompatibleWritableRaster(16, 16);
            int scale = type == DataBuffer.TYPE_BYTE ? 1 : 257;
            for (int i = 0; i < 256; i++) {
                raster.setPixel(i % 16, i / 16, new int[] {level * scale, 255 * scale});
            }

            byte[] png = TestImages.png(new BufferedImage(model, raster, false, null));

            assertColour(decoder.decode(png), level << 16 | level << 8 | level);
        }
    }

    @Test
    void decode_partlyTransparentGrey_isCompositedOntoWhite() throws InvalidInput {
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_GRAY), true, false, 3, DataBuffer.TYPE_BYTE);
        WritableRaster raster = model.createCompatibleWritableRaster(16, 16);
        for (int i = 0; i < 256; i++) {
            raster.setPixel(i % 16, i / 16, new int[] {0, 127});
        }

        assertColour(decoder.decode(TestImages.png(new BufferedImage(model, raster, false, null))), 0x808080);
    }

    @Test
    void decode_sixteenBits_isReducedToEight() throws InvalidInput {
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, 1, DataBuffer.TYPE_USHORT);
        WritableRaster raster = model.createCompatibleWritableRaster(16, 16);
        for (int i = 0; i < 256; i++) {
            raster.setPixel(i % 16, i / 16, new int[] {0xffff, 0x8080, 0});
        }

        assertColour(decoder.decode(TestImages.png(new BufferedImage(model, raster, false, null))), ORANGE);
    }

    @Test
    void decode_cmykJpeg_givesRgb() throws InvalidInput {
        assertColour(decoder.decode(TestImages.cmykJpeg(16, 16)), 0xffffff);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void decode_exifOrientation_isAppliedToTheImage(int exif) throws InvalidInput {
        BufferedImage upright = decoder.decode(TestImages.rotatedJpeg(exif));

        assertThat(List.of(upright.getWidth(), upright.getHeight())).containsExactly(48, 32);
        assertThat(TestImages.nearestColour(upright.getRGB(4, 4))).isEqualTo("red");
        assertThat(TestImages.nearestColour(upright.getRGB(43, 4))).isEqualTo("green");
        assertThat(TestImages.nearestColour(upright.getRGB(4, 27))).isEqualTo("blue");
    }

    @Test
    void decode_noBytes_isRejectedAsEmpty() {
        assertReason(new byte[0], Reason.EMPTY);
    }

    @Test
    void decode_text_isRejectedAsNotAnImage() {
        assertReason("not an image".getBytes(StandardCharsets.UTF_8), Reason.NOT_AN_IMAGE);
    }

    @ParameterizedTest
    @CsvSource({
        "png, the file ends early",
        "jpg, the file ends early",
        "bmp, the file ends early",
        "gif, Invalid block length for LZW encoded image data"
    })
    void decode_truncatedFile_isRejectedAsDamaged(String format, String detail) {
        byte[] whole = TestImages.encoded(TestImages.noise(64, 64, BufferedImage.TYPE_INT_RGB, 1), format);

        assertThatThrownBy(() -> decoder.decode(Arrays.copyOf(whole, whole.length / 2)))
                .isInstanceOfSatisfying(
                        InvalidInput.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED_IMAGE))
                .hasMessage("the image cannot be decoded: " + detail);
    }

    @Test
    void decode_imageLargerThanItsShareOfTheHeap_isRejectedWithAdvice() {
        // With this many decoders, the share of each is a few MiB.
        ImageDecoder parallel = new ImageDecoder(TestImages.limits(1_000_000_000, 1 << 24, 64));
        byte[] png = TestImages.encoded(new BufferedImage(5000, 5000, BufferedImage.TYPE_INT_RGB), "png");

        assertThatThrownBy(() -> parallel.decode(png))
                .isInstanceOfSatisfying(
                        InvalidInput.class, e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_PIXELS))
                .hasMessageContaining("MiB to decode")
                .hasMessageContaining("-Xmx");
    }

    @Test
    void decode_hugeDimensions_isRejectedByTheHeader() {
        assertReason(TestImages.pngHeader(60_000, 60_000), Reason.TOO_MANY_PIXELS);
    }

    @Test
    void decode_tooManyBytes_isRejectedUnread() {
        assertReason(new byte[(1 << 20) + 1], Reason.TOO_MANY_BYTES);
    }

    @Test
    void decode_webpWithManyUnknownChunks_readsThePixelsOnly() throws InvalidInput {
        byte[] pixels = Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");
        int unknown = 100_000;
        ByteBuffer file = ByteBuffer.allocate(pixels.length + unknown * 8).order(ByteOrder.LITTLE_ENDIAN);
        file.put(pixels);
        for (int i = 0; i < unknown; i++) {
            file.putInt(i).putInt(0);
        }
        file.putInt(4, file.capacity() - 8);

        assertThat(decoder.decode(file.array()).getWidth()).isEqualTo(1);
    }

    @Test
    void decode_webpFrameBeyondItsCanvas_isRejectedBeforeItIsDecoded() {
        // The frame has the largest size and no pixels: a decoder would say that these are damaged.
        byte[] file = ("RIFF....WEBP"
                        + "VP8X\12\0\0\0\2\0\0\0\0\0\0\0\0\0"
                        + "ANMF\42\0\0\0\0\0\0\0\0\0\u00fe\u003f\0\u00fe\u003f\0\144\0\0\0"
                        + "VP8L\12\0\0\0\u002f\u00fe\u00bf\u00ff\u000f\0\0\0\0\0")
                .getBytes(StandardCharsets.ISO_8859_1);
        ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).putInt(4, file.length - 8);

        assertThatThrownBy(() -> decoder.decode(file))
                .isInstanceOfSatisfying(
                        InvalidInput.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED_IMAGE))
                .hasMessageEndingWith("the first frame reaches beyond the canvas");
    }

    @Test
    void decode_jpegWithManyScans_isRejected() throws InvalidInput {
        byte[] jpeg = TestImages.progressive(ORANGE_IMAGE, "jpeg");
        String text = new String(jpeg, StandardCharsets.ISO_8859_1);
        int scans = text.split("\u00ff\u00da", -1).length - 1;
        int last = text.lastIndexOf("\u00ff\u00da");
        String scan = text.substring(last, text.length() - 2);

        assertColour(decoder.decode(jpegWith(text, scan.repeat(100 - scans))), ORANGE);
        assertThatThrownBy(() -> decoder.decode(jpegWith(text, scan.repeat(101 - scans))))
                .isInstanceOfSatisfying(
                        InvalidInput.class, e -> assertThat(e.reason()).isEqualTo(Reason.DAMAGED_IMAGE))
                .hasMessageEndingWith("the file has more than 100 scans");
        assertColour(decoder.decode((text + scan.repeat(101)).getBytes(StandardCharsets.ISO_8859_1)), ORANGE);
    }

    @Test
    void decode_jpegWhoseScansAreHiddenByAReservedMarker_isRejected() {
        String text = new String(TestImages.progressive(ORANGE_IMAGE, "jpeg"), StandardCharsets.ISO_8859_1);
        String scan = text.substring(text.lastIndexOf("\u00ff\u00da"), text.length() - 2);

        assertThatThrownBy(() -> decoder.decode(jpegWith(text, "\u00ff\u0002\u00ff\u00ff" + scan.repeat(101))))
                .hasMessageEndingWith("the file has more than 100 scans");
    }

    /** The JPEG with bytes before its end marker. */
    private static byte[] jpegWith(String jpeg, String added) {
        return new StringBuilder(jpeg)
                .insert(jpeg.length() - 2, added)
                .toString()
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    @Property(tries = 200)
    void decode_randomBytesAfterAnImageHeader_decodesOrIsRejected(@ForAll byte[] rest, @ForAll boolean jpeg) {
        byte[] start = jpeg ? Arrays.copyOf(TestImages.encoded(ORANGE_IMAGE, "jpg"), 40) : TestImages.pngHeader(16, 16);
        byte[] bytes = ByteBuffer.allocate(start.length + rest.length)
                .put(start)
                .put(rest)
                .array();
        try {
            assertThat(decoder.decode(bytes).getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
        } catch (InvalidInput e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    private void assertReason(byte[] bytes, Reason reason) {
        assertThatThrownBy(() -> decoder.decode(bytes))
                .isInstanceOfSatisfying(
                        InvalidInput.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }

    private static void assertColour(BufferedImage image, int rgb) {
        Color actual = new Color(image.getRGB(8, 8));
        Color expected = new Color(rgb);
        assertThat(actual.getRed()).isCloseTo(expected.getRed(), within(4));
        assertThat(actual.getGreen()).isCloseTo(expected.getGreen(), within(4));
        assertThat(actual.getBlue()).isCloseTo(expected.getBlue(), within(4));
    }
}
