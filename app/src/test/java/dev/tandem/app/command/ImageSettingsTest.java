package dev.tandem.app.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.datasets.files.ImageFiles;
import java.io.IOException;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The settings {@code images.*} hold for every command that decodes images. */
class ImageSettingsTest extends CommandTest {
    private static final String WIDE_IMAGES = "translate --checkpoint C --out O IMAGES";
    private static final String WIDE_FRAMES = "interpolate --checkpoint C --frames 2 --out O.gif IMAGES";
    private static final String WIDE_PAIRS = "produce --check --set model.image-size=32 PAIRS";
    private static final String TEST_SET = "evaluate --checkpoint C --samples 1 --out O --data PAIRS";
    private static final String TRANSLATIONS = "evaluate --translations T --samples 1 --out O --data PAIRS";
    private static final String DECODE = "bench decode --size 32 --runs 1 --warm-up 0 --data PAIRS";
    private static final String DEMO = "demo --size 32 --out O --set http.port=0 --dataset SQUARE";
    /** {@code ImageSettingsIT} tests these with a broker. */
    private static final Set<String> WITH_BROKER = Set.of("run", "bench stream");

    private static final Set<String> WITHOUT_IMAGES =
            Set.of("bench generate", "bench http", "bench step", "consume", "doctor", "import", "replay-dead-letters");

    @Test
    void commands_withSettings_areTestedOrDecodeNoImages() {
        Set<String> tested = new TreeSet<>(WITHOUT_IMAGES);
        tested.addAll(WITH_BROKER);
        for (String command :
                new String[] {WIDE_IMAGES, WIDE_FRAMES, WIDE_PAIRS, TEST_SET, TRANSLATIONS, DECODE, DEMO}) {
            tested.add(command.split(" (--|IMAGES)")[0]);
        }

        assertThat(namesWithSettings(TandemCommand.commandLine(), "")).isEqualTo(tested);
    }

    @ParameterizedTest
    @ValueSource(strings = {WIDE_IMAGES, WIDE_FRAMES, WIDE_PAIRS, TEST_SET, TRANSLATIONS, DECODE})
    void imagesFit_ofEveryCommand_decidesWhetherWideImagesAreValid(String command) {
        writeFiles();

        assertThat(execute(arguments(command, "images.fit=stretch"))).isEqualTo(1);
        assertThat(err.toString()).contains("images.fit=pad or images.fit=crop accepts any aspect ratio");

        assertThat(execute(arguments(command, "images.fit=pad")))
                .as(err.toString())
                .isZero();
        assertThat(execute(arguments(command, "images.max-pixels=1"))).isEqualTo(1);
        assertThat(err.toString()).contains("images.max-pixels allows 1");
    }

    @Test
    void imagesMaxPixels_ofDemo_appliesToItsFolder() {
        writeFiles();

        assertThat(execute(arguments(DEMO, "images.max-pixels=1"))).isEqualTo(1);
        assertThat(err.toString()).contains("2 of 2 files are invalid");
    }

    @Test
    void imagesResize_ofTranslate_changesWhatTheModelSees() throws IOException {
        checkpoint("model.image-size=32");
        ImageFiles.write(path("a.png"), noise(45, 45));

        for (String filter : new String[] {"bicubic", "nearest"}) {
            succeed(
                    "translate",
                    "--checkpoint",
                    path("c"),
                    "--latent",
                    "0,0,0,0,0,0,0,0",
                    "--set",
                    "images.resize-a=" + filter,
                    "--out",
                    path(filter),
                    path("a.png"));
        }
        succeed(
                "translate",
                "--checkpoint",
                path("c"),
                "--latent",
                "0,0,0,0,0,0,0,0",
                "--set",
                "images.resize-b=nearest",
                "--out",
                path("b"),
                path("a.png"));

        assertThat(ImageIO.read(path("nearest/a-1.png").toFile()).getRGB(16, 16))
                .isNotEqualTo(ImageIO.read(path("bicubic/a-1.png").toFile()).getRGB(16, 16));
        assertThat(bytes("b/a-1.png")).isEqualTo(bytes("bicubic/a-1.png"));
    }

    private void writeFiles() {
        checkpoint("model.image-size=32");
        for (String name : new String[] {"IMAGES", "PAIRS", "SQUARE", "T"}) {
            ImageFiles.createFolder(path(name));
        }
        for (int i = 0; i < 2; i++) {
            ImageFiles.write(path("IMAGES/" + i + ".png"), noise(96 + i, 16));
            ImageFiles.write(path("PAIRS/" + i + ".png"), noise(2 * (96 + i), 16));
            ImageFiles.write(path("SQUARE/" + i + ".png"), noise(64, 32));
            ImageFiles.write(path("T/" + i + "-1.png"), noise(32, 32));
        }
    }

    /** Replaces the names of files and folders by their paths. */
    private Object[] arguments(String command, String setting) {
        String withPaths = command.replaceAll("\\b(IMAGES|PAIRS|SQUARE|T|O|O.gif)\\b", folder + "/$1")
                .replaceAll("\\bC\\b", path("c").toString());
        return (withPaths + " --set " + setting).split(" ");
    }

    private static Set<String> namesWithSettings(CommandLine line, String prefix) {
        Set<String> names = new TreeSet<>();
        line.getSubcommands().forEach((name, command) -> {
            if (command.getCommandSpec().findOption("--set") != null) {
                names.add(prefix + name);
            }
            names.addAll(namesWithSettings(command, prefix + name + " "));
        });
        return names;
    }
}
