package dev.tandem.testkit.invalid;

import dev.tandem.datasets.Shapes;
import dev.tandem.images.encode.GifEncoder;
import dev.tandem.images.encode.PngEncoder;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Pictures as people and programs really send them, and what only pretends to be one. */
public final class Corpus {
    private static final int SIDE = 32;

    private Corpus() {}

    /** Usable pairs in every form that is read, by name. */
    public static Map<String, byte[]> usable() {
        BufferedImage pair = pair(BufferedImage.TYPE_INT_RGB);
        Map<String, byte[]> usable = new LinkedHashMap<>();
        usable.put("png", PngEncoder.encode(pair));
        usable.put("png, interlaced", written(pair, "png", true));
        usable.put("png, palette", PngEncoder.encode(palette(pair)));
        usable.put("png, 16 bits", PngEncoder.encode(pair(BufferedImage.TYPE_USHORT_GRAY)));
        usable.put("png, alpha", PngEncoder.encode(pair(BufferedImage.TYPE_INT_ARGB)));
        usable.put("png, grey", PngEncoder.encode(pair(BufferedImage.TYPE_BYTE_GRAY)));
        usable.put("jpeg", written(pair, "jpeg", false));
        usable.put("jpeg, progressive", written(pair, "jpeg", true));
        usable.put("jpeg, upside down by EXIF", withExif(written(pair, "jpeg", false), 3, 1));
        usable.put("jpeg, EXIF of boundless length", withExif(written(pair, "jpeg", false), 1, Integer.MAX_VALUE));
        usable.put("jpeg, CMYK", cmyk());
        usable.put("gif, animated", GifEncoder.encode(Stream.of(pair, pair, pair), 100));
        usable.put("bmp", written(pair, "bmp", false));
        return usable;
    }

    /** What cannot be used, by name. */
    public static Map<String, byte[]> unusable() {
        byte[] png = usable().get("png");
        byte[] jpeg = usable().get("jpeg");
        Map<String, byte[]> unusable = new LinkedHashMap<>();
        unusable.put("nothing", new byte[0]);
        unusable.put("one byte", new byte[1]);
        unusable.put("text", "not a picture, sorry".getBytes(StandardCharsets.UTF_8));
        // ImageIO knows these, too; nobody has asked for them.
        unusable.put("wbmp, four bytes that pass for one", new byte[] {0, 0, 0x40, 0x20});
        unusable.put("tiff", written(pair(BufferedImage.TYPE_INT_RGB), "tiff", false));
        unusable.put("a script", "#!/bin/sh\nrm -rf /\n".getBytes(StandardCharsets.UTF_8));
        unusable.put("png, cut off", Arrays.copyOf(png, png.length / 2));
        unusable.put("jpeg, cut off", Arrays.copyOf(jpeg, jpeg.length / 2));
        unusable.put("png, only its signature", Arrays.copyOf(png, 8));
        unusable.put("png, 60,000 by 60,000 by its header", pngHeader(60_000, 60_000));
        unusable.put("png, 2,147,483,647 by 1 by its header", pngHeader(Integer.MAX_VALUE, 1));
        unusable.put("png, 1 by 2,000", PngEncoder.encode(blank(1, 2000)));
        unusable.put("png, 2,000 by 1", PngEncoder.encode(blank(2000, 1)));
        unusable.put("png, a single picture", PngEncoder.encode(blank(SIDE, SIDE)));
        unusable.put(
                "webp, a single pixel",
                Base64.getDecoder().decode("UklGRiIAAABXRUJQVlA4IBYAAAAwAQCdASoBAAEADsD+JaQAA3AAAAAA"));
        unusable.put("bmp, 30 MB of noise", written(noise(4400, 2250), "bmp", false));
        return unusable;
    }

    public static BufferedImage pair(int type) {
        BufferedImage drawn = Shapes.draw(1).examples().get(0).render(SIDE);
        BufferedImage pair = new BufferedImage(drawn.getWidth(), drawn.getHeight(), type);
        Graphics2D graphics = pair.createGraphics();
        graphics.drawImage(drawn, 0, 0, null);
        graphics.dispose();
        return pair;
    }

    private static BufferedImage blank(int width, int height) {
        return new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    }

    private static BufferedImage noise(int width, int height) {
        BufferedImage picture = blank(width, height);
        int[] pixels = new Random(1).ints((long) width * height).toArray();
        picture.setRGB(0, 0, width, height, pixels, 0, width);
        return picture;
    }

    private static BufferedImage palette(BufferedImage picture) {
        BufferedImage indexed = new BufferedImage(
                picture.getWidth(),
                picture.getHeight(),
                BufferedImage.TYPE_BYTE_INDEXED,
                new IndexColorModel(
                        2, 4, new byte[] {0, -1, 0, -1}, new byte[] {0, 0, -1, -1}, new byte[] {0, 0, 0, -1}));
        Graphics2D graphics = indexed.createGraphics();
        graphics.drawImage(picture, 0, 0, null);
        graphics.dispose();
        return indexed;
    }

    private static byte[] written(BufferedImage picture, String format, boolean progressive) {
        ImageWriter writer = ImageIO.getImageWritersByFormatName(format).next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        if (progressive) {
            parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        }
        return written(writer, new IIOImage(picture, null, null), parameters);
    }

    /** White: no ink. */
    private static byte[] cmyk() {
        Raster raster = Raster.createInterleavedRaster(DataBuffer.TYPE_BYTE, 2 * SIDE, SIDE, 4, null);
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        return written(writer, new IIOImage(raster, null, null), null);
    }

    private static byte[] written(ImageWriter writer, IIOImage image, ImageWriteParam parameters) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(bytes)) {
            writer.setOutput(stream);
            writer.write(null, image, parameters);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** @param count how many values the entry says it has */
    private static byte[] withExif(byte[] jpeg, int orientation, int count) {
        byte[] segment = ByteBuffer.allocate(36)
                .putShort((short) 0xffe1)
                .putShort((short) 34)
                .put("Exif\0\0MM".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x112)
                .putShort((short) 3)
                .putInt(count)
                .putShort((short) orientation)
                .array();
        return ByteBuffer.allocate(jpeg.length + segment.length)
                .put(jpeg, 0, 2)
                .put(segment)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    private static byte[] pngHeader(int width, int height) {
        byte[] chunk = ByteBuffer.allocate(17)
                .put("IHDR".getBytes(StandardCharsets.US_ASCII))
                .putInt(width)
                .putInt(height)
                .put(new byte[] {8, 2, 0, 0, 0})
                .array();
        CRC32 crc = new CRC32();
        crc.update(chunk);
        return ByteBuffer.allocate(33)
                .put(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'})
                .putInt(13)
                .put(chunk)
                .putInt((int) crc.getValue())
                .array();
    }
}
