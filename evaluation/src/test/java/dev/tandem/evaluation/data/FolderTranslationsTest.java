package dev.tandem.evaluation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.InvalidFiles;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.evaluation.TestTensors;
import dev.tandem.images.decode.Images;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.TestSettings;
import dev.tandem.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderTranslationsTest {
    private static final int SIDE = 32;

    @TempDir
    private Path folder;

    @Test
    void of_translationsNamedAfterAnyPairOfTheInput_areRead() {
        writeTranslation("second-1.png", -1);
        writeTranslation("second-2.png", 1);

        Tensor images = translations(2).of(input("first", "second")).images();

        assertThat(images.shape().batch()).isEqualTo(2);
        assertThat(images.rows(0, 1).data()).containsOnly(-1);
    }

    @Test
    void of_decomposedNameOfAComposedInput_isRead() {
        writeTranslation("cafe\u0301-1.png", 1);

        assertThat(translations(1).of(input("caf\u00e9")).images().data()).containsOnly(1);
    }

    @Test
    void of_tooFewTranslations_namesTheMissingFile() {
        writeTranslation("x-1.png", 1);

        assertThatThrownBy(() -> translations(2).of(input("x")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("x-2.png");
    }

    @Test
    void of_noTranslation_namesTheFirstFileAndTheNumberNeeded() {
        assertThatThrownBy(() -> translations(3).of(input("x")))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("x-1.png")
                .hasMessageContaining("every input needs 3");
    }

    @Test
    void validInputs_missingOrDamagedTranslations_areNamedAndSkipped() {
        List<String> messages = new ArrayList<>();
        for (String name : List.of("a", "b", "c", "d")) {
            writeTranslation(name + "-1.png", 1);
        }
        ImageFiles.write(folder.resolve("b-2.png"), new byte[] {1});
        writeTranslation("a-2.png", 1);
        writeTranslation("d-2.png", 1);
        TestSet set = new TestSet("set", "", List.of(input("a"), input("b"), input("c"), input("d")));
        InvalidFiles skipping = new InvalidFiles(true, messages::add, "");

        TestSet valid = translations(2).validInputs(set, skipping);

        assertThat(valid.inputs()).extracting(TestInput::name).containsExactly("a", "d");
        assertThat(skipping.skipped()).isEqualTo(2);
        assertThat(messages).hasSize(2);
        assertThat(messages.get(0)).contains("b-2.png", "not a PNG");
        assertThat(messages.get(1)).contains("there is no file", "c-2.png");
        assertThatThrownBy(() -> translations(2).validInputs(set, new InvalidFiles(false, messages::add, "; repair")))
                .isInstanceOf(UserError.class)
                .hasMessage("2 of 4 inputs are invalid; repair");
    }

    @Test
    void imageSize_firstFileInvalid_isThatOfTheFirstValidOne() {
        ImageFiles.write(folder.resolve("a-1.png"), new byte[] {1});
        assertThatThrownBy(() -> FolderTranslations.imageSize(folder, TestSettings.tiny()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has no valid images; " + folder.resolve("a-1.png"));

        writeTranslation("b-1.png", 1);

        assertThat(FolderTranslations.imageSize(folder, TestSettings.tiny())).isEqualTo(SIDE + "x" + SIDE);
    }

    private FolderTranslations translations(int samples) {
        return new FolderTranslations(folder, new ModelImages(TestSettings.tiny()), samples);
    }

    private void writeTranslation(String file, double level) {
        ImageFiles.write(folder.resolve(file), PngEncoder.encode(Images.image(TestTensors.grey(SIDE, level))));
    }

    private static TestInput input(String... names) {
        return new TestInput(List.of(names), TestTensors.grey(SIDE, 1), List.of(TestTensors.grey(SIDE, 1)), false);
    }
}
