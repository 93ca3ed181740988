package dev.tandem.evaluation.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.Dataset;
import dev.tandem.datasets.Dataset.Example;
import dev.tandem.datasets.DatasetWriter;
import dev.tandem.datasets.Shapes;
import dev.tandem.datasets.Split;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.InvalidFiles;
import dev.tandem.evaluation.TestTensors;
import dev.tandem.images.decode.Images;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.TestSettings;
import dev.tandem.model.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestSetReaderTest {
    private static final int SIDE = 32;
    private static final int SEED = 42;
    private static final Dataset SHAPES = Shapes.generate(SEED);

    @TempDir
    private Path folder;

    private final List<String> messages = new ArrayList<>();
    private final TestSetReader reader =
            new TestSetReader(TestSettings.tiny(), new InvalidFiles(false, messages::add, "; repair them"));

    @Test
    void read_folderOfADataset_givesTheHeldOutPart() {
        List<Example> examples = SHAPES.examples().subList(0, 400);
        writeDataset(examples);

        TestSet set = reader.read(folder.toString());

        long heldOut = examples.stream()
                .filter(example -> Split.of(example.group(), SEED) == Split.HELD_OUT)
                .count();
        assertThat(heldOut).isPositive();
        assertThat(set.inputs()).hasSize((int) heldOut / 4).allSatisfy(input -> {
            assertThat(input.truths()).hasSize(4);
            assertThat(input.anyHue()).isTrue();
            assertThat(input.modes().orElseThrow().count()).isEqualTo(12);
        });
    }

    @Test
    void read_partOfADataset_usesTheManifest() {
        writeDataset(SHAPES.examples().subList(0, 400));

        TestSet part = reader.read(folder.resolve("val").toString());

        assertThat(part.inputs())
                .extracting(TestInput::names)
                .isEqualTo(reader.read(folder.toString()).inputs().stream()
                        .map(TestInput::names)
                        .toList());
        assertThat(part.inputs()).isNotEmpty().allMatch(TestInput::anyHue);
    }

    @Test
    void read_folderWithATrainingPart_isRejectedWithAdvice() {
        ImageFiles.createFolder(folder.resolve("train"));

        assertThatThrownBy(() -> reader.read(folder.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("for instance " + folder.resolve("val"));
    }

    @Test
    void read_datasetByName_equalsItsFolder() {
        writeDataset(SHAPES.examples());

        TestSet named = reader.read("shapes");
        TestSet inFolder = reader.read(folder.toString());

        assertThat(named.inputs())
                .extracting(TestInput::names)
                .containsExactlyInAnyOrderElementsOf(
                        inFolder.inputs().stream().map(TestInput::names).toList());
    }

    @Test
    void read_pairsWithIdenticalInputs_areOneInputWithSeveralTruths() {
        write("a.png", TestTensors.line(SIDE, 3), TestTensors.grey(SIDE, 0));
        write("b.png", TestTensors.line(SIDE, 3), TestTensors.grey(SIDE, 1));
        write("c.png", TestTensors.line(SIDE, 3), TestTensors.grey(SIDE, 1));
        write("d.png", TestTensors.line(SIDE, 9), TestTensors.grey(SIDE, 1));

        List<TestInput> inputs = reader.read(folder.toString()).inputs();

        assertThat(inputs).extracting(TestInput::names).containsExactly(List.of("a", "b", "c"), List.of("d"));
        assertThat(inputs).extracting(input -> input.truths().size()).containsExactly(2, 1);
        assertThat(inputs).extracting(TestInput::hasModes).containsExactly(true, false);
    }

    @Test
    void read_directionBtoA_swapsThePairs() {
        write("a.png", TestTensors.line(SIDE, 3), TestTensors.grey(SIDE, 1));
        write("b.png", TestTensors.line(SIDE, 3), TestTensors.grey(SIDE, 0.5));
        Settings reversed = TestSettings.tiny("model.direction=BtoA");

        TestInput input = new TestSetReader(reversed, new InvalidFiles(false, messages::add, ""))
                .read(folder.toString())
                .inputs()
                .get(0);

        assertThat(input.a().data()).containsOnly(1);
    }

    @Test
    void read_oneInput_isRejected() {
        write("a.png", TestTensors.line(SIDE, 3), TestTensors.grey(SIDE, 1));

        assertThatThrownBy(() -> reader.read(folder.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("has 1 input; an evaluation needs at least 2");
    }

    @Test
    void read_manifestWithoutHeldOutFiles_isRejected() {
        ImageFiles.write(
                folder.resolve("manifest.json"),
                "{\"files\": [{\"file\": \"a.png\", \"split\": \"train\"}]}".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> reader.read(folder.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("nothing to evaluate on");
    }

    @Test
    void read_invalidManifestOrImage_isNamedInTheError() {
        ImageFiles.write(folder.resolve("x.png"), new byte[] {1, 2, 3});
        ImageFiles.write(folder.resolve("y.png"), new byte[0]);
        assertThatThrownBy(() -> reader.read(folder.toString()))
                .isInstanceOf(UserError.class)
                .hasMessage("2 of 2 files are invalid; repair them");
        assertThat(messages).hasSize(2);
        assertThat(messages.get(0)).contains("x.png is not a valid A|B image");
        assertThat(messages.get(1)).contains("y.png is not a valid A|B image");

        ImageFiles.write(folder.resolve("manifest.json"), "{".getBytes(StandardCharsets.UTF_8));
        assertThatThrownBy(() -> reader.read(folder.toString()))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("manifest.json");
    }

    @Test
    void read_invalidImagesThatAreSkipped_givesTheOthers() {
        write("1.png", TestTensors.grey(SIDE, 1), TestTensors.grey(SIDE, 0));
        write("2.png", TestTensors.grey(SIDE, -1), TestTensors.grey(SIDE, 0));
        ImageFiles.write(folder.resolve("3.png"), new byte[] {1, 2, 3});
        InvalidFiles skipping = new InvalidFiles(true, messages::add, "");

        TestSet set = new TestSetReader(TestSettings.tiny(), skipping).read(folder.toString());

        assertThat(set.inputs()).extracting(TestInput::name).containsExactly("1", "2");
        assertThat(skipping.skipped()).isEqualTo(1);
        assertThat(messages).singleElement().asString().contains("3.png");
    }

    private void writeDataset(List<Example> examples) {
        new DatasetWriter(folder, SIDE, SEED).write(SHAPES, examples, example -> {});
    }

    private void write(String name, Tensor a, Tensor b) {
        BufferedImage joined = new BufferedImage(2 * SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        joined.createGraphics().drawImage(Images.image(a), 0, 0, null);
        joined.createGraphics().drawImage(Images.image(b), SIDE, 0, null);
        ImageFiles.write(folder.resolve(name), PngEncoder.encode(joined));
    }
}
