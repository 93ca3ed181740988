package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.testkit.process.TandemProcess;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tandem demo} with few steps, interrupted, and on a folder of the user. */
class DemoIT {
    @TempDir
    private Path out;

    @Test
    void demo_fewSteps_writesTranslationsContactSheetGalleryAndSummary() throws IOException {
        try (TandemProcess demo = TandemProcess.run(
                "demo",
                "--steps",
                "4",
                "--out",
                out.toString(),
                "--json",
                "--set",
                "model.width=4",
                "--set",
                "http.port=0")) {
            demo.assertSuccess();
            JsonNode summary =
                    new ObjectMapper().readTree(out.resolve("summary.json").toFile());

            assertThat(demo.json()).isEqualTo(summary);
            assertThat(summary.path("pairsTrained").asLong()).isEqualTo(16);
            assertThat(summary.path("steps").asLong()).isEqualTo(4);
            assertThat(summary.path("translations").asLong()).isEqualTo(96);
            assertThat(summary.path("deadLetters").asLong()).isZero();
            assertThat(summary.path("losses").path("l1").asDouble()).isPositive();
            assertThat(summary.path("seconds").asDouble()).isPositive();
        }
        try (Stream<Path> images = Files.list(out.resolve("translations"))) {
            // Each of the 16 inputs has the input, the true output and six samples.
            assertThat(images).hasSize(16 * 8);
        }
        BufferedImage sheet = ImageIO.read(out.resolve("contact-sheet.png").toFile());
        assertThat(sheet.getHeight()).isGreaterThan(sheet.getWidth());
        String page = Files.readString(out.resolve("gallery.html"));
        assertThat(page).contains("sample 6").contains("OpenMoji").contains("CC BY-SA 4.0");
        page.lines()
                .filter(line -> line.contains("src=\""))
                .map(line -> line.replaceFirst(".*src=\"([^\"]*)\".*", "$1"))
                .forEach(file -> assertThat(out.resolve(file)).isRegularFile());
    }

    @Test
    void demo_interrupted_translatesWithTheModelSoFarAndExitsWithZero() {
        try (TandemProcess demo = TandemProcess.start(
                "demo",
                "--dataset",
                "shapes",
                "--size",
                "32",
                "--out",
                out.toString(),
                "--json",
                "--set",
                "model.width=4",
                "--set",
                "http.port=0",
                "--steps",
                "1000000")) {
            demo.awaitErr("model ready");
            demo.terminate();

            demo.assertSuccess();
            assertThat(demo.json().path("translations").asLong()).isEqualTo(96);
            assertThat(out.resolve("contact-sheet.png")).isRegularFile();
        }
    }

    @Test
    void demo_folderWithInvalidFiles_startsOnlyToSkipThem() throws IOException {
        Path folder = Files.createDirectories(out.resolve("images"));
        try (TandemProcess dataset =
                TandemProcess.run("dataset", "shapes", "--size", "32", "--limit", "60", "--out", folder.toString())) {
            dataset.assertSuccess();
        }
        for (int i = 0; i < 20; i++) {
            Files.writeString(folder.resolve("broken-" + i + ".png"), "no image");
        }
        Path earlier = Files.createDirectories(out.resolve("demo/checkpoints/earlier"));

        try (TandemProcess demo = demoWith(folder)) {
            assertThat(demo.exitCode()).isEqualTo(1);
            assertThat(demo.err())
                    .contains("broken-0.png: NOT_AN_IMAGE, ")
                    .contains("tandem: 20 of 80 files are invalid; repair them, or train on the others with"
                            + " --skip-unusable");
            assertThat(earlier).as("the checkpoints of the demo before").isDirectory();
        }
        try (TandemProcess demo = demoWith(folder, "--skip-unusable")) {
            demo.assertSuccess();
            assertThat(demo.json().path("steps").asLong()).isGreaterThanOrEqualTo(5);
            assertThat(demo.json().path("deadLetters").asLong()).isZero();
        }
    }

    private TandemProcess demoWith(Path folder, String... options) {
        List<String> command = new ArrayList<>(List.of("demo", "--dataset", folder.toString(), "--size", "32"));
        command.addAll(List.of("--steps", "5", "--json", "--set", "model.width=4"));
        command.addAll(List.of("--out", out.resolve("demo").toString()));
        command.addAll(List.of(options));
        return TandemProcess.run(command.toArray(String[]::new));
    }
}
