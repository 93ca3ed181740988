package dev.tandem.evaluation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.UserError;
import dev.tandem.datasets.DatasetWriter;
import dev.tandem.datasets.Shapes;
import dev.tandem.datasets.Split;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.evaluation.TestTensors;
import dev.tandem.images.decode.Images;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestSetTest {
    private static final int SIDE = 32;

    @TempDir
    private Path folder;

    private final Settings settings = SettingsLoader.load(Optional.empty(), List.of("model.image-size=" + SIDE));

    @Test
    void read_whatDatasetWrites_isTheHeldOutPart() {
        var shapes = Shapes.draw(42);
        var examples = shapes.examples().subList(0, 400);
        new DatasetWriter(folder, SIDE, 42).write(shapes, examples, example -> {});

        TestSet set = new TestSetReader(settings).read(folder.toString());

        long heldOut = examples.stream()
                .filter(example -> Split.of(example.group(), 42) == Split.HELD_OUT)
                .count();
        assertThat(heldOut).isPositive();
        assertThat(set.inputs()).hasSize((int) heldOut / 4).allSatisfy(input -> {
            assertThat(input.truths()).hasSize(4);
            assertThat(input.anyHue()).isTrue();
            assertThat(input.modes().orElseThrow().count()).isEqualTo(12);
        });
    }

    @Test
    void read_partOfWhatDatasetWrites_knowsItsManifest() {
        var shapes = Shapes.draw(42);
        new DatasetWriter(folder, SIDE, 42).write(shapes, shapes.examples().subList(0, 400), example -> {});
        TestSetReader reader = new TestSetReader(settings);

        TestSet part = reader.read(folder.resolve("val").toString());

        assertThat(part.inputs())
                .extracting(TestInput::names)
                .isEqualTo(reader.read(folder.toString()).inputs().stream()
                        .map(TestInput::names)
                        .toList());
        assertThat(part.inputs()).isNotEmpty().allMatch(TestInput::anyHue);
    }

    @Test
    void read_folderWithAPartToLearnFrom_asksForTheOther() {
        ImageFiles.folder(folder.resolve("train"));

        assertThatThrownBy(() -> new TestSetReader(settings).read(folder.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("for instance " + folder.resolve("val"));
    }

    @Test
    void hasModes_hueInGrey_cannotBeTold() {
        Tensor grey = Tensor.zeros(1, 1, SIDE, SIDE);

        assertThat(new TestInput(List.of("x"), grey, List.of(grey, grey), true).hasModes())
                .isFalse();
    }

    @Test
    void read_byName_isWhatItsFolderHolds() {
        var shapes = Shapes.draw(42);
        new DatasetWriter(folder, SIDE, 42).write(shapes, shapes.examples(), example -> {});
        TestSetReader reader = new TestSetReader(settings);

        TestSet named = reader.read("shapes");
        TestSet inFolder = reader.read(folder.toString());

        assertThat(named.inputs())
                .extracting(TestInput::names)
                .containsExactlyInAnyOrderElementsOf(
                        inFolder.inputs().stream().map(TestInput::names).toList());
    }

    @Test
    void read_folder_putsTogetherPairsWithTheSameInput() {
        write("a.png", TestTensors.line(SIDE, 3), TestTensors.grey(SIDE, 0));
        write("b.png", TestTensors.line(SIDE, 3), TestTensors.grey(SIDE, 1));
        write("c.png", TestTensors.line(SIDE, 3), TestTensors.grey(SIDE, 1));
        write("d.png", TestTensors.line(SIDE, 9), TestTensors.grey(SIDE, 1));

        List<TestInput> inputs =
                new TestSetReader(settings).read(folder.toString()).inputs();

        assertThat(inputs).extracting(TestInput::names).containsExactly(List.of("a", "b", "c"), List.of("d"));
        assertThat(inputs).extracting(input -> input.truths().size()).containsExactly(2, 1);
        assertThat(inputs).extracting(TestInput::hasModes).containsExactly(true, false);
    }

    @Test
    void read_directionBtoA_turnsThePairs() {
        write("a.png", TestTensors.line(SIDE, 3), TestTensors.grey(SIDE, 1));
        write("b.png", TestTensors.line(SIDE, 3), TestTensors.grey(SIDE, 0.5));
        Settings turned =
                SettingsLoader.load(Optional.empty(), List.of("model.image-size=" + SIDE, "model.direction=BtoA"));

        TestInput input =
                new TestSetReader(turned).read(folder.toString()).inputs().get(0);

        assertThat(input.a().data()).containsOnly(1);
    }

    @Test
    void read_oneInput_saysThatThereMustBeMore() {
        write("a.png", TestTensors.line(SIDE, 3), TestTensors.grey(SIDE, 1));

        assertThatThrownBy(() -> new TestSetReader(settings).read(folder.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has 1 input; there must be 2");
    }

    @Test
    void read_noHeldOutFile_saysSo() {
        ImageFiles.write(
                folder.resolve("manifest.json"),
                "{\"files\": [{\"file\": \"a.png\", \"split\": \"train\"}]}".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> new TestSetReader(settings).read(folder.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("nothing to evaluate on");
    }

    @Test
    void read_brokenManifestOrPicture_isAnErrorThatNamesIt() {
        ImageFiles.write(folder.resolve("x.png"), new byte[] {1, 2, 3});
        assertThatThrownBy(() -> new TestSetReader(settings).read(folder.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("x.png is no usable");

        ImageFiles.write(folder.resolve("manifest.json"), "{".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> new TestSetReader(settings).read(folder.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("manifest.json");
    }

    @Test
    void some_fewWithSeveralAnswers_hasAllOfThem() {
        TestSet set = set(3, 20);

        assertThat(set.some(10).inputs())
                .hasSize(10)
                .filteredOn(TestInput::hasModes)
                .hasSize(3);
        assertThat(set.some(10)).isEqualTo(set.some(10));
        assertThat(set.some(1000).inputs()).hasSize(23);
    }

    @Test
    void some_manyWithSeveralAnswers_hasHalfUnlessThereAreTooFewOthers() {
        assertThat(set(20, 20).some(10).inputs())
                .hasSize(10)
                .filteredOn(TestInput::hasModes)
                .hasSize(5);
        assertThat(set(20, 2).some(10).inputs())
                .hasSize(10)
                .filteredOn(TestInput::hasModes)
                .hasSize(8);
        assertThat(set(20, 0).some(30).inputs()).hasSize(20);
    }

    @Test
    void folderTranslations_underAnyOfThePairsNames_areFound() {
        TestInput input = new TestInput(
                List.of("first", "second"), TestTensors.grey(SIDE, 1), List.of(TestTensors.grey(SIDE, 1)), false);
        for (int i = 1; i <= 2; i++) {
            ImageFiles.write(
                    folder.resolve("second-" + i + ".png"),
                    PngEncoder.encode(Images.picture(TestTensors.grey(SIDE, i == 1 ? -1 : 1))));
        }

        Tensor pictures = new FolderTranslations(folder, new ModelImages(settings), 2)
                .of(input)
                .pictures();

        assertThat(pictures.shape().batch()).isEqualTo(2);
        assertThat(pictures.rows(0, 1).data()).containsOnly(-1);
        assertThatThrownBy(() -> new FolderTranslations(folder, new ModelImages(settings), 3).of(input))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("second-3.png");
    }

    @Test
    void folderTranslations_missing_areAnErrorThatSaysWhatIsNeeded() {
        TestInput input =
                new TestInput(List.of("x"), TestTensors.grey(SIDE, 1), List.of(TestTensors.grey(SIDE, 1)), false);

        assertThatThrownBy(() -> new FolderTranslations(folder, new ModelImages(settings), 3).of(input))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("x-1.png")
                .hasMessageContaining("every input needs 3");
    }

    private void write(String name, Tensor a, Tensor b) {
        BufferedImage joined = new BufferedImage(2 * SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        joined.createGraphics().drawImage(Images.picture(a), 0, 0, null);
        joined.createGraphics().drawImage(Images.picture(b), SIDE, 0, null);
        ImageFiles.write(folder.resolve(name), PngEncoder.encode(joined));
    }

    private static TestSet set(int several, int single) {
        List<TestInput> inputs = new ArrayList<>();
        for (int i = 0; i < several + single; i++) {
            List<Tensor> truths = i < several
                    ? List.of(TestTensors.grey(1, 0), TestTensors.grey(1, 1))
                    : List.of(TestTensors.grey(1, 0));
            inputs.add(new TestInput(List.of("input" + i), TestTensors.grey(1, 1), truths, false));
        }
        return new TestSet("test", "", inputs);
    }
}
