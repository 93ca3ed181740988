package dev.tandem.images;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.images.encode.PngEncoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Pictures for tests. */
public final class TestImages {
    private TestImages() {}

    public static Settings settings(String... assignments) {
        List<String> all = new ArrayList<>(List.of("model.image-size=32"));
        all.addAll(List.of(assignments));
        return SettingsLoader.load(Optional.empty(), all);
    }

    /** Left half of one colour, right half of another. */
    public static BufferedImage halves(int width, int height, int left, int right) {
        BufferedImage picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                picture.setRGB(x, y, x < width / 2 ? left : right);
            }
        }
        return picture;
    }

    public static byte[] png(BufferedImage picture) {
        return PngEncoder.encode(picture);
    }

    public static byte[] encoded(BufferedImage picture, String format) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            if (!ImageIO.write(picture, format, bytes)) {
                throw new IllegalArgumentException("no writer for " + format);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * A JPEG as a camera would store a picture of 48x32 whose corners are red (top left), green (top right), blue
     * (bottom left) and white, by the definition of the tag: which side of the picture the first row and column are.
     */
    public static byte[] photo(int exifOrientation) {
        int width = 48;
        int height = 32;
        boolean rowsAreColumns = exifOrientation > 4;
        boolean fromRight = List.of(2, 3, 6, 7).contains(exifOrientation);
        boolean fromBottom = List.of(3, 4, 7, 8).contains(exifOrientation);
        BufferedImage stored = new BufferedImage(
                rowsAreColumns ? height : width, rowsAreColumns ? width : height, BufferedImage.TYPE_INT_RGB);
        for (int row = 0; row < stored.getHeight(); row++) {
            for (int column = 0; column < stored.getWidth(); column++) {
                int x = rowsAreColumns ? row : column;
                int y = rowsAreColumns ? column : row;
                boolean left = (fromRight ? width - 1 - x : x) < width / 2;
                boolean top = (fromBottom ? height - 1 - y : y) < height / 2;
                stored.setRGB(column, row, left ? top ? 0xff0000 : 0x0000ff : top ? 0x00ff00 : 0xffffff);
            }
        }
        return withExif(encoded(stored, "jpg"), exifOrientation);
    }

    /** A JPEG with a segment whose only entry is the orientation. */
    private static byte[] withExif(byte[] jpeg, int orientation) {
        byte[] segment = ByteBuffer.allocate(36)
                .putShort((short) 0xffe1)
                .putShort((short) 34)
                .put("Exif\0\0MM".getBytes(StandardCharsets.US_ASCII))
                .putShort((short) 42)
                .putInt(8)
                .putShort((short) 1)
                .putShort((short) 0x112)
                .putShort((short) 3)
                .putInt(1)
                .putShort((short) orientation)
                .array();
        return ByteBuffer.allocate(jpeg.length + segment.length)
                .put(jpeg, 0, 2)
                .put(segment)
                .put(jpeg, 2, jpeg.length - 2)
                .array();
    }

    /** Of red, green, blue and white. */
    public static String nearest(int rgb) {
        boolean red = (rgb >> 16 & 0xff) > 127;
        boolean green = (rgb >> 8 & 0xff) > 127;
        boolean blue = (rgb & 0xff) > 127;
        return red && green && blue ? "white" : red ? "red" : green ? "green" : "blue";
    }
}
