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
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    private static final int ORANGE = 0xff8000;
    private final ImageDecoder decoder = new ImageDecoder(new ImageSettings(1_000_000, 1 << 20, 8, 1.5, 1));

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
    void decode_usualFormats_givesOpaqueRgb(String format) throws InvalidInput {
        BufferedImage decoded = decoder.decode(TestImages.encoded(picture(BufferedImage.TYPE_INT_RGB), format));

        assertThat(decoded.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
        assertThat(decoded.getWidth()).isEqualTo(16);
        assertColour(decoded, ORANGE);
    }

    @Test
    void decode_webp_isReadToo() throws InvalidInput {
        byte[] onePixel = Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA");

        BufferedImage decoded = decoder.decode(onePixel);

        assertThat(decoded.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
        assertThat(decoded.getWidth()).isEqualTo(1);
    }

    @Test
    void decode_transparency_becomesWhite() throws InvalidInput {
        BufferedImage clear = new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB);

        assertColour(decoder.decode(TestImages.png(clear)), 0xffffff);
    }

    @Test
    void decode_transparencyThatIsWanted_isKept() throws InvalidInput {
        BufferedImage clear = new BufferedImage(16, 16, BufferedImage.TYPE_INT_ARGB);
        clear.setRGB(3, 4, 0x80ff7f00);

        BufferedImage decoded =
                new ImageDecoder(new ImageSettings(1_000_000, 1 << 20, 8, 1.5, 1), true).decode(TestImages.png(clear));

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
    void decode_greyHalfTransparent_isMixedWithWhite() throws InvalidInput {
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_GRAY), true, false, 3, DataBuffer.TYPE_BYTE);
        WritableRaster raster = model.createCompatibleWritableRaster(16, 16);
        for (int i = 0; i < 256; i++) {
            raster.setPixel(i % 16, i / 16, new int[] {0, 127});
        }

        assertColour(decoder.decode(TestImages.png(new BufferedImage(model, raster, false, null))), 0x808080);
    }

    @Test
    void decode_sixteenBits_becomeEight() throws InvalidInput {
        ComponentColorModel model = new ComponentColorModel(
                ColorSpace.getInstance(ColorSpace.CS_sRGB), false, false, 1, DataBuffer.TYPE_USHORT);
        WritableRaster raster = model.createCompatibleWritableRaster(16, 16);
        for (int i = 0; i < 256; i++) {
            raster.setPixel(i % 16, i / 16, new int[] {0xffff, 0x8080, 0});
        }

        assertColour(decoder.decode(TestImages.png(new BufferedImage(model, raster, false, null))), ORANGE);
    }

    @Test
    void decode_cmykJpeg_becomesRgb() throws Exception {
        assertColour(decoder.decode(cmykJpeg()), 0xffffff);
    }

    /** Red is meant to be top left, green top right, blue bottom left. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8})
    void decode_photoOfACameraHeldOtherwise_isTurnedUpright(int exif) throws InvalidInput {
        BufferedImage upright = decoder.decode(TestImages.photo(exif));

        assertThat(List.of(upright.getWidth(), upright.getHeight())).containsExactly(48, 32);
        assertThat(TestImages.nearest(upright.getRGB(4, 4))).isEqualTo("red");
        assertThat(TestImages.nearest(upright.getRGB(43, 4))).isEqualTo("green");
        assertThat(TestImages.nearest(upright.getRGB(4, 27))).isEqualTo("blue");
    }

    @Test
    void decode_nothing_isEmpty() {
        assertReason(new byte[0], Reason.EMPTY);
    }

    @Test
    void decode_noImage_saysSo() {
        assertReason("certainly no image".getBytes(StandardCharsets.UTF_8), Reason.NOT_AN_IMAGE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"png", "jpg", "bmp", "gif"})
    void decode_cutOff_isDamaged(String format) {
        BufferedImage noisy = new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int i = 0; i < 64 * 64; i++) {
            noisy.setRGB(i % 64, i / 64, random.nextInt(1 << 24));
        }
        byte[] whole = TestImages.encoded(noisy, format);

        assertReason(Arrays.copyOf(whole, whole.length / 2), Reason.DAMAGED_IMAGE);
    }

    @Test
    void decode_withinTheLimitButMoreThanTheHeapHasRoomFor_isRefusedWithWhatToDo() {
        // Shared out among so many, the heap has some MiB for each.
        ImageDecoder generous = new ImageDecoder(new ImageSettings(1_000_000_000, 1 << 24, 8, 1.5, 64));
        byte[] picture = TestImages.encoded(new BufferedImage(5000, 5000, BufferedImage.TYPE_INT_RGB), "png");

        assertThatThrownBy(() -> generous.decode(picture))
                .isInstanceOfSatisfying(
                        InvalidInput.class, why -> assertThat(why.reason()).isEqualTo(Reason.TOO_MANY_PIXELS))
                .hasMessageContaining("MiB to decode")
                .hasMessageContaining("-Xmx");
    }

    @Test
    void decode_hugeDimensions_areRefusedFromTheHeader() {
        assertReason(pngHeader(60_000, 60_000), Reason.TOO_MANY_PIXELS);
    }

    @Test
    void decode_tooManyBytes_areRefusedUnread() {
        assertReason(new byte[(1 << 20) + 1], Reason.TOO_MANY_BYTES);
    }

    @Property(tries = 200)
    void decode_anyBytesAfterAnImagesBeginning_decodesOrSaysWhy(@ForAll byte[] rest, @ForAll boolean jpeg) {
        byte[] start = jpeg
                ? Arrays.copyOf(TestImages.encoded(picture(BufferedImage.TYPE_INT_RGB), "jpg"), 40)
                : pngHeader(16, 16);
        byte[] bytes = ByteBuffer.allocate(start.length + rest.length)
                .put(start)
                .put(rest)
                .array();
        try {
            assertThat(decoder.decode(bytes).getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
        } catch (InvalidInput why) {
            assertThat(why.getMessage()).isNotBlank();
        }
    }

    private void assertReason(byte[] bytes, Reason reason) {
        assertThatThrownBy(() -> decoder.decode(bytes))
                .isInstanceOfSatisfying(
                        InvalidInput.class, why -> assertThat(why.reason()).isEqualTo(reason));
    }

    private static void assertColour(BufferedImage picture, int expected) {
        Color actual = new Color(picture.getRGB(8, 8));
        Color wanted = new Color(expected);
        assertThat(actual.getRed()).isCloseTo(wanted.getRed(), within(4));
        assertThat(actual.getGreen()).isCloseTo(wanted.getGreen(), within(4));
        assertThat(actual.getBlue()).isCloseTo(wanted.getBlue(), within(4));
    }

    private static BufferedImage picture(int type) {
        BufferedImage picture = new BufferedImage(16, 16, type);
        for (int i = 0; i < 256; i++) {
            picture.setRGB(i % 16, i / 16, ORANGE);
        }
        return picture;
    }

    /** Signature and IHDR of a PNG, and no pixels. */
    private static byte[] pngHeader(int width, int height) {
        byte[] chunk = ByteBuffer.allocate(17)
                .put("IHDR".getBytes(StandardCharsets.US_ASCII))
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        CRC32 crc = new CRC32();
        crc.update(chunk);
        return ByteBuffer.allocate(8 + 4 + 17 + 4)
                .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'})
                .putInt(13)
                .put(chunk)
                .putInt((int) crc.getValue())
                .array();
    }

    /** White: four channels without ink. */
    private static byte[] cmykJpeg() throws IOException {
        WritableRaster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 16, 16, 4, null);
        for (int i = 0; i < 256; i++) {
            raster.setPixel(i % 16, i / 16, new int[] {0, 0, 0, 0});
        }
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(stream);
            writer.write(null, new IIOImage(raster, null, null), null);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }
}
