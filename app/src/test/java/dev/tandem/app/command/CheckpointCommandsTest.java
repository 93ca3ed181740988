package dev.tandem.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.typesafe.config.Config;
import dev.tandem.config.SettingsLoader;
import dev.tandem.datasets.Shapes;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.translate.CheckpointModel;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.SafetensorsWriter;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.LatentText;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that read or write a checkpoint. */
class CheckpointCommandsTest extends CommandTest {
    @Test
    void translate_sameSeed_writesIdenticalImages() {
        checkpoint("model.image-size=32");
        Path a = image("a.png", 0);

        for (String target : List.of("first", "second")) {
            succeed("translate", "--checkpoint", path("c"), "--samples", "3", "--seed", "5", "--out", path(target), a);
        }

        for (int i = 1; i <= 3; i++) {
            assertThat(folder.resolve("first/a-" + i + ".png"))
                    .hasSameBinaryContentAs(folder.resolve("second/a-" + i + ".png"));
        }
    }

    @Test
    void translate_sync_usesTheSameLatentsForEveryImage() {
        checkpoint("model.image-size=32");
        Path a = image("a.png", 0);
        Path same = image("same.png", 0);

        succeed("translate", "--checkpoint", path("c"), "--samples", "1", "--out", path("own"), a, same);
        succeed("translate", "--checkpoint", path("c"), "--samples", "1", "--sync", "--out", path("sync"), a, same);

        assertThat(bytes("own/a-1.png")).isNotEqualTo(bytes("own/same-1.png"));
        assertThat(bytes("sync/a-1.png")).isEqualTo(bytes("sync/same-1.png"));
    }

    @Test
    void translate_latentOrStyle_determinesTheImage() {
        checkpoint("model.image-size=32", "model.latent=2");
        Path a = image("a.png", 0);

        succeed("translate", "--checkpoint", path("c"), "--latent", "0.5,-1", "--out", path("one"), a);
        succeed("translate", "--checkpoint", path("c"), "--latent", "0.5,-1", "--out", path("again"), a);
        succeed("translate", "--checkpoint", path("c"), "--latent", "-2,1", "--out", path("other"), a);
        succeed("translate", "--checkpoint", path("c"), "--style", image("b.png", 1), "--out", path("styled"), a);
        succeed("translate", "--checkpoint", path("c"), "--style", noise("noise.png"), "--out", path("restyled"), a);

        assertThat(bytes("one/a-1.png")).isEqualTo(bytes("again/a-1.png")).isNotEqualTo(bytes("other/a-1.png"));
        assertThat(bytes("styled/a-1.png")).isNotEqualTo(bytes("restyled/a-1.png"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.norm=instance", "model.norm=none", "model.preset=seed"})
    void translate_largestAllowedLatent_isFinite(String assignment) {
        checkpoint("model.image-size=64", assignment);
        Config config = SettingsLoader.resolve(Optional.empty(), List.of());
        Tensor z = Tensor.zeros(2, 8);
        Arrays.fill(z.data(), 0, 8, LatentText.MAX_VALUE);
        Arrays.fill(z.data(), 8, 16, -LatentText.MAX_VALUE);

        try (CheckpointModel opened = CheckpointModel.open(CheckpointStore.openNewest(path("c")), config)) {
            Tensor a = opened.images().input(image("a.png", 0));
            for (float value :
                    opened.model().translate(Tensor.stack(List.of(a, a)), z).data()) {
                assertThat(value).isBetween(-1f, 1f);
            }
        }
    }

    @Test
    void translate_onlyA_translatesTheLeftHalf() {
        checkpoint("model.image-size=32");
        Path joined = folder.resolve("pair.png");
        ImageFiles.write(
                joined, PngEncoder.encode(Shapes.generate(1).examples().get(0).render(32)));

        succeed("translate", "--checkpoint", path("c"), "--out", path("half"), image("a.png", 0));
        succeed("translate", "--checkpoint", path("c"), "--only-a", "--out", path("pair"), joined);

        assertThat(bytes("pair/pair-1.png")).isEqualTo(bytes("half/a-1.png"));
    }

    @Test
    void translate_fourOutputChannels_writesImagesWithAlpha() throws IOException {
        checkpoint("model.image-size=32", "model.input-channels=1", "model.output-channels=4");

        succeed("translate", "--checkpoint", path("c"), "--samples", "1", "--out", path("o"), image("a.png", 0));

        assertThat(ImageIO.read(folder.resolve("o/a-1.png").toFile())
                        .getColorModel()
                        .hasAlpha())
                .isTrue();
    }

    @Test
    void translate_styleWithoutEncoder_failsInOneLine() {
        checkpoint("model.image-size=32", "model.encoder.type=none");
        Path a = image("a.png", 0);

        assertThat(execute("translate", "--checkpoint", path("c"), "--style", a, "--out", path("o"), a))
                .isEqualTo(1);
        assertThat(err.toString()).contains("has no encoder").doesNotContain("\tat ");
    }

    @Test
    void translate_noCheckpoint_failsInOneLine() {
        assertThat(execute("translate", "--checkpoint", folder, "--out", "x", image("a.png", 0)))
                .isEqualTo(1);
        assertThat(err.toString()).contains("there is no checkpoint in " + folder);
    }

    @Test
    void interpolate_twoImages_writesFramesWithBoth() throws IOException {
        checkpoint("model.image-size=32");
        Path style = image("style.png", 2);

        succeed(
                "interpolate",
                "--checkpoint",
                path("c"),
                "--frames",
                "5",
                "--out",
                path("path.gif"),
                image("a.png", 0),
                image("b.png", 1));
        succeed(
                "interpolate",
                "--checkpoint",
                path("c"),
                "--frames",
                "2",
                "--style",
                style,
                "--style",
                style,
                "--out",
                path("style.gif"),
                image("a.png", 0));

        assertThat(frames("path.gif")).isEqualTo(5);
        assertThat(frames("style.gif")).isEqualTo(2);
        BufferedImage first = ImageIO.read(folder.resolve("path.gif").toFile());
        assertThat(first.getWidth()).isEqualTo(32 + 2 + 32);
        assertThat(first.getHeight()).isEqualTo(32 + 2 + 32);
    }

    @Test
    void export_checkpoint_writesGeneratorAndEncoder() throws IOException {
        checkpoint("model.image-size=32");

        succeed("export", "--checkpoint", path("c"), "--onnx", path("g.onnx"), "--json");

        JsonNode result = new ObjectMapper().readTree(out.toString().trim());
        assertThat(result.path("opset").asInt()).isEqualTo(13);
        assertThat(Path.of(result.path("generator").asText())).isNotEmptyFile();
        assertThat(Path.of(result.path("encoder").asText())).isNotEmptyFile().hasFileName("g-encoder.onnx");
    }

    @Test
    void import_weightsOfWrongShape_failsInOneLineAndWritesNothing() throws IOException {
        Path file = folder.resolve("G.safetensors");
        Tensor weight = Tensor.zeros(4, 11, 4, 4);
        List<SafetensorsWriter.Entry> entries = new ArrayList<>();
        entries.add(new SafetensorsWriter.Entry("model.down.0.weight", weight.shape(), () -> weight));
        SafetensorsWriter.write(file, entries);

        assertThat(execute("import", "--from", "junyanz", "--out", path("imported"), "G=" + file))
                .isEqualTo(1);
        assertThat(err.toString()).contains("has no tensor").doesNotContain("\tat ");
        assertThat(folder.resolve("imported")).doesNotExist();
    }

    @Test
    void doctor_checkpointOfOtherNetworks_failsAsRunWould() {
        checkpoint("model.image-size=32");
        String directory = "checkpoint.directory=" + folder.resolve("c");

        String width = "model.width=8";
        execute("doctor", "--json", "--set", directory, "--set", width, "--set", "kafka.bootstrap-servers=localhost:1");
        execute("run", "--set", directory, "--set", width);

        String refusal = err.toString().strip().replaceFirst("^tandem: ", "");
        assertThat(refusal).contains("was made with other networks than the settings describe");
        assertThat(out.toString())
                .contains("{\"level\":\"FAIL\",\"what\":\"checkpoint folder\",\"found\":\"" + refusal + "\"");
    }

    private int frames(String file) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (ImageInputStream stream =
                ImageIO.createImageInputStream(folder.resolve(file).toFile())) {
            reader.setInput(stream);
            return reader.getNumImages(true);
        }
    }
}
