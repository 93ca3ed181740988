package dev.tandem.datasets.gallery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.datasets.gallery.Row.Tile;
import dev.tandem.images.TestImages;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GalleryTest {
    @TempDir
    private Path folder;

    @Test
    void write_namesWithTheSameSafeName_haveFilesOfTheirOwn() throws IOException {
        new Gallery(folder, "pictures")
                .write(List.of(row("猫", Color.RED), row("犬", Color.BLUE), row("_", Color.GREEN)));

        assertThat(colour("_-input.png")).isEqualTo(Color.RED);
        assertThat(colour("_~2-input.png")).isEqualTo(Color.BLUE);
        assertThat(colour("_~3-input.png")).isEqualTo(Color.GREEN);
    }

    private static Row row(String name, Color colour) {
        return new Row(name, List.of(new Tile("input", "input", TestImages.filled(8, 8, colour.getRGB()))));
    }

    private Color colour(String file) throws IOException {
        return new Color(
                ImageIO.read(folder.resolve("pictures").resolve(file).toFile()).getRGB(0, 0));
    }
}
