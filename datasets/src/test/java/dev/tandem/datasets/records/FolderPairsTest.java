package dev.tandem.datasets.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.images.TestImages;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.model.TestSettings;
import java.awt.Color;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderPairsTest {
    private static final String COMPOSED = "caf\u00e9";
    private static final String DECOMPOSED = "cafe\u0301";

    @TempDir
    private Path folder;

    private final Settings settings = TestSettings.tiny();
    private Path a;
    private Path b;

    @BeforeEach
    void createFolders() throws IOException {
        a = Files.createDirectory(folder.resolve("a"));
        b = Files.createDirectory(folder.resolve("b"));
    }

    @Test
    void paired_filesOfDifferentFormats_arePaired() throws Exception {
        write(a, "x.png", Color.RED);
        Files.write(b.resolve("x.bmp"), TestImages.encoded(filled(Color.BLUE), "bmp"));

        ImageRecord record = paired().get(0);

        assertThat(record.name()).isEqualTo("x");
        assertColours(record, Color.RED, Color.BLUE);
    }

    @Test
    void paired_equalNamesInSubfolders_arePairedByPath() throws Exception {
        write(a, "train/x.png", Color.RED);
        write(a, "val/x.png", Color.GREEN);
        write(b, "train/x.png", Color.BLUE);
        write(b, "val/x.png", Color.YELLOW);

        List<ImageRecord> records = paired();

        assertThat(records).extracting(ImageRecord::label).containsExactly("train/x.png", "val/x.png");
        assertThat(records).extracting(ImageRecord::name).containsExactly("x", "x");
        assertColours(records.get(0), Color.RED, Color.BLUE);
        assertColours(records.get(1), Color.GREEN, Color.YELLOW);
    }

    @Test
    void paired_onlyOneFolderHasSubfolders_arePairedByName() throws Exception {
        write(a, "x.png", Color.RED);
        write(a, "y.png", Color.GREEN);
        write(b, "day/y.png", Color.BLUE);
        write(b, "night/x.png", Color.YELLOW);

        List<ImageRecord> records = paired();

        assertColours(records.get(0), Color.RED, Color.YELLOW);
        assertColours(records.get(1), Color.GREEN, Color.BLUE);
    }

    @Test
    void paired_filesWithoutPartner_areInvalidRecords() throws IOException {
        write(a, "x.png", Color.RED);
        write(a, "y.png", Color.RED);
        write(b, "x.png", Color.RED);
        write(b, "z.png", Color.RED);

        Map<Integer, String> problems =
                RecordValidator.of(settings, settings.topics().pairs()).problems(paired(), () -> {});

        assertThat(paired()).extracting(ImageRecord::name).containsExactly("x", "y", "z");
        assertThat(problems).isEqualTo(Map.of(1, "y.png: has no partner in " + b, 2, "z.png: has no partner in " + a));
    }

    @Test
    void paired_composedAndDecomposedNames_arePaired() throws Exception {
        write(a, DECOMPOSED + "/" + COMPOSED + ".png", Color.RED);
        write(b, COMPOSED + "/" + DECOMPOSED + ".png", Color.BLUE);

        assertThat(paired()).singleElement().satisfies(record -> assertColours(record, Color.RED, Color.BLUE));
    }

    @Test
    void paired_namesThatDifferOnlyInTheirForm_areAnError() throws IOException {
        write(a, COMPOSED + ".png", Color.RED);
        write(a, DECOMPOSED + ".png", Color.RED);
        write(b, COMPOSED + ".png", Color.RED);

        assertThatThrownBy(this::paired)
                .isInstanceOf(UserError.class)
                .hasMessage("in " + a + ", " + DECOMPOSED + ".png and " + COMPOSED + ".png have the same name in"
                        + " different Unicode forms (NFC, NFD), so their partner is ambiguous; rename one of them");
    }

    @Test
    void paired_namesThatDifferOnlyInTheirExtension_areAnError() throws IOException {
        write(a, "x.jpg", Color.RED);
        write(a, "x.png", Color.RED);
        write(b, "x.png", Color.RED);

        assertThatThrownBy(this::paired)
                .hasMessage("in " + a + ", x.jpg and x.png have the same name without extension, so their partner is"
                        + " ambiguous; rename one of them");
    }

    private List<ImageRecord> paired() {
        return new ImageRecords(settings).paired(a, b);
    }

    private void assertColours(ImageRecord record, Color a, Color b) throws Exception {
        ImagePair pair = new PairDecoder(settings.images(), settings.model()).decode(record.value(), record.layout());
        assertThat(pair.a().getRGB(0, 0)).isEqualTo(a.getRGB());
        assertThat(pair.b().getRGB(0, 0)).isEqualTo(b.getRGB());
    }

    private static void write(Path folder, String name, Color colour) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, TestImages.png(filled(colour)));
    }

    private static BufferedImage filled(Color colour) {
        return TestImages.filled(32, 32, colour.getRGB());
    }
}
