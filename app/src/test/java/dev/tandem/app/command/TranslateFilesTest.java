package dev.tandem.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.model.train.LatentText;
import dev.tandem.model.train.Latents;
import dev.tandem.model.train.Noise;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** Latents of {@code translate} and {@code interpolate}, and what they do with invalid files. */
class TranslateFilesTest extends CommandTest {

    @Test
    void translate_latentThatJsonAndPngTell_givesTheSamePixelsAgain() throws IOException {
        checkpoint("model.image-size=32");
        Path a = image("a.png", 0);

        JsonNode samples = json("translate", "--checkpoint", path("c"), "--samples", "3", "--out", path("o"), a)
                .path("samples");

        assertThat(samples).hasSize(3);
        for (JsonNode sample : samples) {
            String latent = latent(sample.path("latent"));
            assertThat(sample.path("image").asText()).isEqualTo(a.toString());
            assertThat(sample.path("seed").asText()).isEqualTo(Long.toString(Noise.hash(0, "image.0")));
            assertThat(text(sample, "tandem-latent")).isEqualTo(latent);
            assertThat(text(sample, "tandem-seed"))
                    .isEqualTo(sample.path("seed").asText());
            assertThat(text(sample, "tandem-model")).isEqualTo("checkpoint=step-0000000000;step=0;engine=onnxruntime");
            succeed("translate", "--checkpoint", path("c"), "--latent", latent, "--out", path("again"), a);
            assertThat(pixels(path("again/a-1.png")))
                    .isEqualTo(pixels(Path.of(sample.path("file").asText())));
        }
        assertThat(latent(samples.get(1).path("latent")))
                .isEqualTo(LatentText.format(
                        Latents.random(Noise.hash(0, "image.0"), 3, 8).rows(1, 2)));
    }

    @Test
    void translate_seedThatPngTells_givesTheSamePixelsForOtherFiles() throws IOException {
        checkpoint("model.image-size=32");
        Path a = image("a.png", 0);
        Path b = image("b.png", 1);
        JsonNode samples = json("translate", "--checkpoint", path("c"), "--samples", "2", "--out", path("o"), a, b)
                .path("samples");

        String seed = samples.get(3).path("seed").asText();
        succeed(
                "translate",
                "--checkpoint",
                path("c"),
                "--sync",
                "--samples",
                "2",
                "--seed",
                seed,
                "--out",
                path("again"),
                b);

        assertThat(pixels(path("again/b-2.png"))).isEqualTo(pixels(path("o/b-2.png")));
    }

    @Test
    void translate_latentOfAStyle_isToldAndGivesTheSamePixels() throws IOException {
        checkpoint("model.image-size=32");
        Path a = image("a.png", 0);

        JsonNode sample = json("translate", "--checkpoint", path("c"), "--style", noise("n.png"), "--out", path("o"), a)
                .path("samples")
                .get(0);
        succeed(
                "translate",
                "--checkpoint",
                path("c"),
                "--latent",
                latent(sample.path("latent")),
                "--out",
                path("p"),
                a);

        assertThat(sample.has("seed")).isFalse();
        assertThat(pixels(path("p/a-1.png"))).isEqualTo(pixels(path("o/a-1.png")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e38,0", "NaN,0", "Infinity,0", "0,-1000.5", "0", "0,0,0", "a,b", ""})
    void translate_invalidLatent_failsInOneLineAndWritesNothing(String latent) {
        checkpoint("model.image-size=32", "model.latent=2");

        assertThat(execute(
                        "translate",
                        "--checkpoint",
                        path("c"),
                        "--latent=" + latent,
                        "--out",
                        path("o"),
                        image("a.png", 0)))
                .isEqualTo(1);

        assertThat(err.toString().trim().lines().toList())
                .last()
                .isEqualTo("tandem: --latent is \"" + latent
                        + "\", but must be 2 comma-separated numbers from -1000 to 1000");
        assertThat(path("o")).doesNotExist();
    }

    @Test
    void interpolate_stopsThatJsonTells_giveTheSameAnimationAgain() {
        checkpoint("model.image-size=32");
        Path a = image("a.png", 0);
        Object[] base = {"interpolate", "--checkpoint", path("c"), "--frames", "4", a, "--out"};

        JsonNode stops = json(with(base, path("one.gif"), "--stops", "2")).path("stops");
        succeed(with(base, path("two.gif"), "--latent", latent(stops.get(0)), "--latent", latent(stops.get(1))));
        succeed(with(base, path("other.gif"), "--latent", latent(stops.get(1)), "--latent", latent(stops.get(0))));

        assertThat(bytes("two.gif")).isEqualTo(bytes("one.gif")).isNotEqualTo(bytes("other.gif"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1e38", "NaN"})
    void interpolate_invalidLatent_failsInOneLine(String number) {
        checkpoint("model.image-size=32", "model.latent=1");

        assertThat(execute(
                        "interpolate",
                        "--checkpoint",
                        path("c"),
                        "--latent",
                        "0",
                        "--latent",
                        number,
                        "--out",
                        path("x.gif"),
                        image("a.png", 0)))
                .isEqualTo(1);

        assertThat(err.toString()).contains("--latent is \"" + number + "\", but must be 1 number from -1000 to 1000");
        assertThat(path("x.gif")).doesNotExist();
    }

    @Test
    void translate_invalidFiles_namesEachAndWritesNothing() {
        checkpoint("model.image-size=32");
        invalidFiles();

        assertThat(execute("translate", "--checkpoint", path("c"), "--out", path("o"), path("files")))
                .isEqualTo(1);
        assertThat(execute("interpolate", "--checkpoint", path("c"), "--out", path("x.gif"), path("files")))
                .isEqualTo(1);

        List<String> lines =
                err.toString().lines().filter(line -> line.contains("files")).toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.get(0)).startsWith(path("files/b.png") + ": the value is not a PNG");
        assertThat(lines.get(1)).startsWith(path("files/d.png") + ": the image is 32x4 pixels");
        assertThat(lines.get(2))
                .isEqualTo("tandem: 2 of 4 files are invalid; nothing was written. Repair them, or skip them with"
                        + " --skip-unusable");
        assertThat(lines.subList(3, 6)).isEqualTo(lines.subList(0, 3));
        assertThat(path("o")).doesNotExist();
        assertThat(path("x.gif")).doesNotExist();
    }

    @Test
    void translate_skipUnusable_translatesTheOthersAndCountsThem() {
        checkpoint("model.image-size=32");
        invalidFiles();

        JsonNode translated = json(
                "translate",
                "--checkpoint",
                path("c"),
                "--samples",
                "1",
                "--skip-unusable",
                "--out",
                path("o"),
                path("files"));
        JsonNode interpolated = json(
                "interpolate",
                "--checkpoint",
                path("c"),
                "--frames",
                "2",
                "--skip-unusable",
                "--out",
                path("x.gif"),
                path("files"));

        assertThat(translated.path("translations").asInt()).isEqualTo(2);
        assertThat(translated.path("unusable").asInt()).isEqualTo(2);
        assertThat(interpolated.path("unusable").asInt()).isEqualTo(2);
        assertThat(path("o"))
                .isDirectoryNotContaining(file -> !file.getFileName().toString().matches("[ac]-1\\.png"));
        assertThat(path("x.gif")).isNotEmptyFile();
    }

    @Test
    void translate_onlyInvalidFilesThatAreSkipped_fails() {
        checkpoint("model.image-size=32");
        ImageFiles.write(path("b.png"), new byte[] {1});

        assertThat(execute(
                        "translate", "--checkpoint", path("c"), "--skip-unusable", "--out", path("o"), path("b.png")))
                .isEqualTo(1);
        assertThat(err.toString()).contains("the only file is not valid; nothing was written");
    }

    @Test
    void translate_settingOfTheModel_isNamedAsWithoutEffect() {
        checkpoint("model.image-size=32");

        succeed(
                "translate",
                "--checkpoint",
                path("c"),
                "--set",
                "tandem.model.width=8",
                "--set",
                "model.device=cpu",
                "--set",
                "images.min-side=4",
                "--out",
                path("o"),
                image("a.png", 0));

        assertThat(err.toString().lines().filter(line -> line.startsWith("--set")))
                .containsExactly("--set model.width has no effect: the checkpoint's value applies");
    }

    /** The files a, b, c and d in a folder, of which b and d are invalid. */
    private void invalidFiles() {
        ImageFiles.createFolder(path("files"));
        image("files/a.png", 0);
        ImageFiles.write(path("files/b.png"), new byte[] {1});
        image("files/c.png", 1);
        ImageFiles.write(path("files/d.png"), noise(32, 4));
    }

    private static Object[] with(Object[] arguments, Object... more) {
        return Stream.of(arguments, more).flatMap(Arrays::stream).toArray();
    }

    private static String latent(JsonNode numbers) {
        return StreamSupport.stream(numbers.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(","));
    }

    private static int[] pixels(Path file) throws IOException {
        BufferedImage image = ImageIO.read(file.toFile());
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    /** The text of a PNG by its keyword. */
    private static String text(JsonNode sample, String keyword) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        try (ImageInputStream stream = ImageIO.createImageInputStream(
                Path.of(sample.path("file").asText()).toFile())) {
            reader.setInput(stream);
            Element root = (Element) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
            NodeList entries = root.getElementsByTagName("iTXtEntry");
            for (int i = 0; i < entries.getLength(); i++) {
                Element entry = (Element) entries.item(i);
                if (entry.getAttribute("keyword").equals(keyword)) {
                    return entry.getAttribute("text");
                }
            }
            return "";
        } finally {
            reader.dispose();
        }
    }
}
