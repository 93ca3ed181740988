package dev.tandem.app;

import dev.tandem.datasets.Shapes;
import dev.tandem.images.TestImages;
import dev.tandem.images.encode.GifEncoder;
import dev.tandem.images.encode.PngEncoder;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;

/** Valid pairs in every supported image format, and invalid values of the kinds that users send. */
final class ImageCorpus {
    private static final int SIDE = 32;

    private ImageCorpus() {}

    /** Valid pairs of 64x32 pixels, by a name of their format. */
    static Map<String, byte[]> valid() {
        BufferedImage pair = pair(BufferedImage.TYPE_INT_RGB);
        byte[] jpeg = TestImages.encoded(pair, "jpeg");
        Map<String, byte[]> valid = new LinkedHashMap<>();
        valid.put("png", PngEncoder.encode(pair));
        valid.put("png, interlaced", TestImages.progressive(pair, "png"));
        valid.put("png, palette", PngEncoder.encode(withPalette(pair)));
        valid.put("png, 16 bits", PngEncoder.encode(pair(BufferedImage.TYPE_USHORT_GRAY)));
        valid.put("png, alpha", PngEncoder.encode(pair(BufferedImage.TYPE_INT_ARGB)));
        valid.put("png, grey", PngEncoder.encode(pair(BufferedImage.TYPE_BYTE_GRAY)));
        valid.put("jpeg", jpeg);
        valid.put("jpeg, progressive", TestImages.progressive(pair, "jpeg"));
        valid.put("jpeg, upside down by EXIF", TestImages.withExifOrientation(jpeg, 3, 1));
        valid.put(
                "jpeg, EXIF entry of 2,147,483,647 values", TestImages.withExifOrientation(jpeg, 1, Integer.MAX_VALUE));
        valid.put("jpeg, CMYK", TestImages.cmykJpeg(2 * SIDE, SIDE));
        valid.put("gif, animated", GifEncoder.encode(Stream.of(pair, pair, pair), 100));
        valid.put("bmp", TestImages.encoded(pair, "bmp"));
        return valid;
    }

    /** Values that are no valid pairs, by a name of what is wrong. */
    static Map<String, byte[]> invalid() {
        Map<String, byte[]> invalid = new LinkedHashMap<>(unsupported());
        invalid.putAll(damaged());
        invalid.putAll(wrongSize());
        return invalid;
    }

    private static Map<String, byte[]> unsupported() {
        Map<String, byte[]> unsupported = new LinkedHashMap<>();
        unsupported.put("nothing", new byte[0]);
        unsupported.put("one byte", new byte[1]);
        unsupported.put("text", "not an image".getBytes(StandardCharsets.UTF_8));
        unsupported.put("a script", "#!/bin/sh\nrm -rf /\n".getBytes(StandardCharsets.UTF_8));
        // ImageIO can read WBMP and TIFF, but Tandem does not support them.
        unsupported.put("wbmp, a header of four bytes", new byte[] {0, 0, 0x40, 0x20});
        unsupported.put("tiff", TestImages.encoded(pair(BufferedImage.TYPE_INT_RGB), "tiff"));
        return unsupported;
    }

    private static Map<String, byte[]> damaged() {
        byte[] png = valid().get("png");
        byte[] jpeg = valid().get("jpeg");
        Map<String, byte[]> damaged = new LinkedHashMap<>();
        damaged.put("png, cut off", Arrays.copyOf(png, png.length / 2));
        damaged.put("jpeg, cut off", Arrays.copyOf(jpeg, jpeg.length / 2));
        damaged.put("png, only its signature", Arrays.copyOf(png, 8));
        return damaged;
    }

    private static Map<String, byte[]> wrongSize() {
        Map<String, byte[]> wrongSize = new LinkedHashMap<>();
        wrongSize.put("png, 60,000 by 60,000 by its header", TestImages.pngHeader(60_000, 60_000));
        wrongSize.put("png, 2,147,483,647 by 1 by its header", TestImages.pngHeader(Integer.MAX_VALUE, 1));
        wrongSize.put("png, 1 by 2,000", PngEncoder.encode(blank(1, 2000)));
        wrongSize.put("png, 2,000 by 1", PngEncoder.encode(blank(2000, 1)));
        wrongSize.put("png, a single image", PngEncoder.encode(blank(SIDE, SIDE)));
        wrongSize.put(
                "webp, a single pixel",
                Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"));
        wrongSize.put("bmp, 30 MB of noise", TestImages.encoded(noise(4400, 2250), "bmp"));
        return wrongSize;
    }

    private static BufferedImage pair(int type) {
        BufferedImage drawn = Shapes.generate(1).examples().get(0).render(SIDE);
        return copy(drawn, new BufferedImage(drawn.getWidth(), drawn.getHeight(), type));
    }

    private static BufferedImage withPalette(BufferedImage image) {
        IndexColorModel palette = new IndexColorModel(
                2, 4, new byte[] {0, -1, 0, -1}, new byte[] {0, 0, -1, -1}, new byte[] {0, 0, 0, -1});
        return copy(
                image,
                new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_BYTE_INDEXED, palette));
    }

    private static BufferedImage copy(BufferedImage from, BufferedImage to) {
        Graphics2D graphics = to.createGraphics();
        graphics.drawImage(from, 0, 0, null);
        graphics.dispose();
        return to;
    }

    private static BufferedImage blank(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    private static BufferedImage noise(int width, int height) {
        BufferedImage image = blank(width, height);
        int[] pixels = new Random(1).ints((long) width * height).toArray();
        image.setRGB(0, 0, width, height, pixels, 0, width);
        return image;
    }
}
