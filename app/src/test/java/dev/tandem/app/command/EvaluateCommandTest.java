package dev.tandem.app.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.datasets.Dataset.Example;
import dev.tandem.datasets.DatasetWriter;
import dev.tandem.datasets.Shapes;
import dev.tandem.datasets.Split;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.engine.Engines;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvaluateCommandTest {
    private static final int SIDE = 32;
    private static final int SAMPLES = 3;

    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void evaluate_checkpoint_reportsFiveSectionsAsJsonAndAsPage() throws IOException {
        checkpoint();

        assertThat(execute("--checkpoint", folder.resolve("c"), "--data", "shapes", "--inputs", "20", "--json"))
                .as(err.toString())
                .isZero();

        JsonNode result = new ObjectMapper().readTree(out.toString().trim());
        assertThat(result.path("inputs").asInt()).isEqualTo(20);
        assertThat(result.path("faithful").path("reconstructionL1").asDouble()).isBetween(0.01, 1.0);
        assertThat(result.path("diverse").path("pairs").asInt()).isEqualTo(20 * (SAMPLES - 1));
        assertThat(result.path("diverse").path("pixelOfTruths").asDouble()).isPositive();
        assertThat(result.path("realistic").path("frechetDistance").asDouble()).isPositive();
        assertThat(result.path("covers").path("inputsOf12").isIntegralNumber()).isTrue();
        assertThat(result.path("covers").path("inputs").asInt()).isEqualTo(20);
        assertThat(result.path("invertible").path("kl8").isNumber()).isTrue();
        assertThat(new ObjectMapper()
                        .readTree(folder.resolve("e/report.json").toFile())
                        .path("covers"))
                .isEqualTo(result.path("covers"));
        assertThat(folder.resolve("e/report.html")).content().contains("Coverage: ", "covers.coverage");
        assertThat(folder.resolve("e/contact-sheet.png")).isNotEmptyFile();
    }

    @Test
    void evaluate_sameSeed_givesTheSameReport() {
        checkpoint();

        for (int i = 0; i < 2; i++) {
            assertThat(execute("--checkpoint", folder.resolve("c"), "--data", "shapes", "--inputs", "2"))
                    .isZero();
        }

        String lines = out.toString();
        assertThat(lines.substring(0, lines.length() / 2)).isEqualTo(lines.substring(lines.length() / 2));
        assertThat(lines).contains("outlineRecall", "share of A's dark pixels");
    }

    @Test
    void evaluate_correctOutputsAsTranslations_scoreLikeTheTruth() throws IOException {
        List<Example> examples = Shapes.generate(42).examples().subList(0, 400);
        new DatasetWriter(folder.resolve("data"), SIDE, 42).write(Shapes.generate(42), examples, example -> {});
        examples.stream()
                .filter(example -> Split.of(example.group(), 42) == Split.HELD_OUT)
                .forEach(this::writeTruthAsTranslations);

        assertThat(execute("--translations", folder.resolve("t"), "--data", folder.resolve("data"), "--json"))
                .as(err.toString())
                .isZero();

        JsonNode result = new ObjectMapper().readTree(out.toString().trim());
        JsonNode faithful = result.path("faithful");
        assertThat(faithful.path("outlineRecall").asDouble())
                .isCloseTo(faithful.path("outlineRecallOfTruth").asDouble(), within(1e-9));
        assertThat(result.path("covers").path("nearNone").asDouble()).isZero();
        assertThat(result.path("covers").path("coverage").asDouble()).isCloseTo(1.0 / 12, within(1e-9));
        assertThat(result.path("invertible").isMissingNode()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.latent=0", "model.encoder.type=none", "model.output-channels=1"})
    void evaluate_modelWithoutEncoderOrLatent_leavesOutItsFigures(String assignment) throws IOException {
        checkpoint(assignment);

        assertThat(execute("--checkpoint", folder.resolve("c"), "--data", "shapes", "--inputs", "2", "--json"))
                .as(err.toString())
                .isZero();

        JsonNode result = new ObjectMapper().readTree(out.toString().trim());
        boolean encodes = assignment.contains("channels");
        assertThat(result.path("faithful").has("reconstructionL1")).isEqualTo(encodes);
        assertThat(result.has("invertible")).isEqualTo(encodes);
        assertThat(result.path("diverse").path("pixel").asDouble() == 0).isEqualTo(assignment.contains("latent"));
    }

    /** Translations by the model and the same translations as files get the same figures. */
    @Test
    void evaluate_ownTranslationsAsFiles_givesTheSameFigures() throws IOException {
        checkpoint();
        List<Example> examples = Shapes.generate(42).examples().subList(0, 400);
        new DatasetWriter(folder.resolve("data"), SIDE, 42).write(Shapes.generate(42), examples, example -> {});
        assertThat(execute("--checkpoint", folder.resolve("c"), "--data", folder.resolve("data"), "--json"))
                .as(err.toString())
                .isZero();
        JsonNode live = new ObjectMapper().readTree(out.toString().trim());
        out.getBuffer().setLength(0);
        ImageFiles.createFolder(folder.resolve("t"));
        for (Path sample : ImageFiles.find(List.of(folder.resolve("e/pictures")))) {
            if (ImageFiles.stem(sample).matches(".*-[0-9]+-[1-3]")) {
                ImageFiles.write(folder.resolve("t").resolve(sample.getFileName()), ImageFiles.read(sample));
            }
        }

        assertThat(execute("--translations", folder.resolve("t"), "--data", folder.resolve("data"), "--json"))
                .as(err.toString())
                .isZero();

        JsonNode files = new ObjectMapper().readTree(out.toString().trim());
        for (String section : List.of("diverse", "realistic", "covers")) {
            assertThat(files.path(section)).isEqualTo(live.path(section));
        }
        assertThat(files.path("faithful").path("nearestL1"))
                .isEqualTo(live.path("faithful").path("nearestL1"));
    }

    @Test
    void evaluate_missingTranslations_failsInOneLine() {
        ImageFiles.createFolder(folder.resolve("t"));
        ImageFiles.write(
                folder.resolve("t/other-1.png"),
                PngEncoder.encode(new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB)));

        assertThat(execute("--translations", folder.resolve("t"), "--data", "shapes"))
                .isEqualTo(1);
        assertThat(err.toString()).contains("there is no translation").doesNotContain("\tat ");
    }

    @Test
    void evaluate_again_removesImagesOfTheLastReport() {
        checkpoint();
        for (String inputs : List.of("4", "2")) {
            assertThat(execute("--checkpoint", folder.resolve("c"), "--data", "shapes", "--inputs", inputs))
                    .isZero();
        }
        // Per input: the input, the truth, its reconstruction and three samples.
        assertThat(ImageFiles.find(List.of(folder.resolve("e/pictures")))).hasSize(2 * 6);
    }

    @Test
    void evaluate_wrongOptions_exitsWithTwo() {
        assertThat(execute("--data", "shapes")).isEqualTo(2);
        assertThat(execute("--checkpoint", "c", "--translations", "t", "--data", "shapes"))
                .isEqualTo(2);
        assertThat(execute("--checkpoint", "c", "--data", "shapes", "--inputs", "1"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("--inputs is 1, but must be at least 2");
    }

    private void checkpoint(String... assignments) {
        List<String> all = new ArrayList<>(
                List.of("model.width=4", "model.image-size=" + SIDE, "checkpoint.directory=" + folder.resolve("c")));
        all.addAll(List.of(assignments));
        Settings settings = SettingsLoader.load(Optional.empty(), all);
        try (BicycleGan model = BicycleGan.fresh(Engines.open(settings.model()), settings)) {
            model.save(CheckpointStore.open(settings.checkpoint()));
        }
    }

    private void writeTruthAsTranslations(Example example) {
        BufferedImage b = example.render(SIDE).getSubimage(SIDE, 0, SIDE, SIDE);
        ImageFiles.createFolder(folder.resolve("t"));
        for (int i = 1; i <= SAMPLES; i++) {
            ImageFiles.write(folder.resolve("t/" + example.name() + "-" + i + ".png"), PngEncoder.encode(b));
        }
    }

    private int execute(Object... arguments) {
        List<String> all = new ArrayList<>(List.of(
                "evaluate",
                "--samples",
                "" + SAMPLES,
                "--out",
                folder.resolve("e").toString()));
        for (Object argument : arguments) {
            all.add(argument.toString());
        }
        return TandemCommand.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(all.toArray(String[]::new));
    }
}
