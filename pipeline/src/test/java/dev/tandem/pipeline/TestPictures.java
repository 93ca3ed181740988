package dev.tandem.pipeline;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.pipeline.encode.PngEncoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;

/** Pictures for tests. */
public final class TestPictures {
    private TestPictures() {}

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
}
