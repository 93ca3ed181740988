package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.Shape;
import java.awt.geom.Ellipse2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs {@code bench/quality/clipart.py}, which selects pictures for the evaluation, on a small collection. */
class ClipartScriptTest {
    private static final String PYTHON = "/usr/bin/python3";
    private static final String SCRIPT =
            Path.of("quality", "clipart.py").toAbsolutePath().toString();
    private static final int SIZE = 32;
    private static final int PICTURE = 200;
    private static final Shape DISC = new Ellipse2D.Double(20, 20, 160, 160);
    private static final Shape TRIANGLE = new Polygon(new int[] {20, 180, 100}, new int[] {180, 180, 20}, 3);

    @TempDir
    private Path folder;

    @BeforeEach
    void requirePython() throws Exception {
        assumeTrue(
                Files.isExecutable(Path.of(PYTHON)) && run("-c", "import numpy, PIL") == 0,
                "NumPy and Pillow are not installed for " + PYTHON);
    }

    @Test
    void clipart_collection_selectsColourfulThingsWithDifferentOutlines() throws Exception {
        save("clipart/animals/triangle.png", TRIANGLE, Color.ORANGE);
        save("clipart/food/disc.png", DISC, Color.RED);
        save("clipart/food/same-disc.png", DISC, Color.GREEN);
        save("clipart/food/grey.png", TRIANGLE, Color.GRAY);
        save("clipart/flags/country.png", TRIANGLE, Color.BLUE);
        save("clipart/transportation/signs/stop.png", TRIANGLE, Color.RED);

        assertThat(clipart("--clipart", folder.resolve("clipart").toString())).isZero();

        assertThat(selected())
                .hasSize(2)
                .contains("animals/triangle.png")
                .containsAnyOf("food/disc.png", "food/same-disc.png");
        for (String file : manifest("file")) {
            BufferedImage pair =
                    ImageIO.read(folder.resolve("out").resolve(file).toFile());
            assertThat(pair.getWidth()).isEqualTo(2 * SIZE);
            assertThat(pair.getHeight()).isEqualTo(SIZE);
            assertThat(isGrey(pair.getSubimage(0, 0, SIZE, SIZE)))
                    .as("A is edges")
                    .isTrue();
            assertThat(isGrey(pair.getSubimage(SIZE, 0, SIZE, SIZE)))
                    .as("B is coloured")
                    .isFalse();
        }
    }

    @Test
    void photos_folder_leavesOutNearDuplicatesOnly() throws Exception {
        save("photos/a.png", DISC, Color.GRAY);
        save("photos/b.png", DISC, Color.GRAY);
        save("photos/c.png", TRIANGLE, Color.RED);

        assertThat(clipart("--photos", folder.resolve("photos").toString())).isZero();

        assertThat(selected()).containsExactlyInAnyOrder("a.png", "c.png");
    }

    @Test
    void clipart_missingCollectionOrUsedFolder_endsWithOneLine() throws Exception {
        assertThat(clipart("--clipart", folder.resolve("none").toString())).isEqualTo(1);
        assertThat(errors()).hasSize(1).first().asString().contains("does not exist; install Debian's package");

        Files.createDirectories(folder.resolve("out/old"));
        assertThat(clipart("--clipart", folder.toString())).isEqualTo(1);
        assertThat(errors()).hasSize(1).first().asString().contains("is not empty; set --out to a new folder");
    }

    private void save(String file, Shape shape, Color colour) throws IOException {
        BufferedImage picture = new BufferedImage(PICTURE, PICTURE, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(colour);
        graphics.fill(shape);
        graphics.dispose();
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        ImageIO.write(picture, "png", path.toFile());
    }

    private int clipart(String... arguments) throws Exception {
        return run(Stream.concat(
                        Stream.of(
                                SCRIPT,
                                "--size",
                                "" + SIZE,
                                "--out",
                                folder.resolve("out").toString()),
                        Stream.of(arguments))
                .toArray(String[]::new));
    }

    private int run(String... arguments) throws Exception {
        List<String> command =
                Stream.concat(Stream.of(PYTHON), Stream.of(arguments)).toList();
        return new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve("errors").toFile())
                .start()
                .waitFor();
    }

    private List<String> errors() throws IOException {
        return Files.readAllLines(folder.resolve("errors"));
    }

    private List<String> selected() throws IOException {
        return manifest("group");
    }

    private static boolean isGrey(BufferedImage image) {
        return Arrays.stream(image.getRGB(0, 0, SIZE, SIZE, null, 0, SIZE))
                .mapToObj(Color::new)
                .allMatch(colour -> colour.getRed() == colour.getGreen() && colour.getGreen() == colour.getBlue());
    }

    private List<String> manifest(String key) throws IOException {
        JsonNode manifest =
                new ObjectMapper().readTree(folder.resolve("out/manifest.json").toFile());
        return StreamSupport.stream(manifest.path("files").spliterator(), false)
                .map(file -> file.path(key).asText())
                .toList();
    }
}
