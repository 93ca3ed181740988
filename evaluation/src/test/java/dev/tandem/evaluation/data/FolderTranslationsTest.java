package dev.tandem.evaluation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.evaluation.TestTensors;
import dev.tandem.images.decode.Images;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.TestSettings;
import dev.tandem.model.tensor.Tensor;
import java.nio.file.Path;
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
