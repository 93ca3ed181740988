package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import dev.tandem.model.train.NonFiniteException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of checkpoints: their format, damaged and missing files, a folder that cannot be written, retention. */
public abstract class CheckpointFilesConformance extends EngineConformance {
    private static final Partition PAIRS = new Partition("pairs-of-mine", 3);

    @TempDir
    private Path folder;

    private final Settings settings = TestSettings.tiny("train.ema-decay=0.9");

    protected CheckpointFilesConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @Test
    void save_anyModel_writesSafetensorsInPyTorchsLayoutAndReadableState() throws IOException {
        CheckpointStore store = store(3);
        Path saved;
        try (BicycleGan model = freshModel(settings)) {
            train(model);
            saved = model.save(store);
        }
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(saved.resolve("model.safetensors")))
                .order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(file.getLong())];
        file.get(header);
        JsonNode tensors = new ObjectMapper().readTree(new String(header, StandardCharsets.UTF_8));
        JsonNode state = new ObjectMapper().readTree(saved.resolve("state.json").toFile());

        assertThat((8 + header.length) % 8).isZero();
        // (O, I, K, K): the input is A and z, 3 + 8 channels.
        assertThat(tensors.path("generator.down.0.weight").path("shape").toString())
                .isEqualTo("[4,11,4,4]");
        assertThat(tensors.path("generator.down.0.weight").path("dtype").asText())
                .isEqualTo("F32");
        assertThat(tensors.has("generator_average.up.0.bias")).isTrue();
        assertThat(tensors.has("d_lr.scale.1.3.weight")).isTrue();
        assertThat(state.path("step").asLong()).isEqualTo(1);
        assertThat(state.path("offsets").path("pairs-of-mine-3").asLong()).isEqualTo(2);
        assertThat(state.path("settings").path("model.width").asText()).isEqualTo("4");
        assertThat(state.path("provenance").has("java")).isTrue();
    }

    @Test
    void save_sameStepAfterASkippedBatch_savesTheNewOffsets() {
        CheckpointStore store = store(3);
        Offsets nextOffsets = new Offsets(Map.of(PAIRS, 4L));
        try (BicycleGan model = freshModel(settings)) {
            train(model);
            model.save(store);
            Tensor a = new Tensor(
                    model.inputShape(2), new float[model.inputShape(2).size()]);
            a.data()[0] = Float.NaN;
            assertThatThrownBy(() -> model.train(a, Noise.gaussian(model.outputShape(2), 1, "b"), nextOffsets))
                    .isInstanceOf(NonFiniteException.class);
            model.skip(2, nextOffsets);

            Checkpoint saved = Checkpoint.open(model.save(store));

            assertThat(saved.step()).isEqualTo(1);
            assertThat(saved.pairs()).isEqualTo(4);
            assertThat(saved.offsets().of(PAIRS)).hasValue(4);
        }
    }

    @Test
    void newestValid_newestDamagedByOneByte_isTheOneBefore() throws IOException {
        CheckpointStore store = store(3);
        try (BicycleGan model = freshModel(settings)) {
            train(model);
            model.save(store);
            train(model);
            Path newest = model.save(store);
            Path weights = newest.resolve("model.safetensors");
            CheckpointFiles.damage(weights, (int) (Files.size(weights) / 2));

            assertThatThrownBy(() -> Checkpoint.open(newest))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("model.safetensors does not match its checksum");
            assertThat(store.newestValid()).map(Checkpoint::step).hasValue(1L);
        }
    }

    @Test
    void newestValid_stateChangedWithoutChecksum_isEmpty() throws IOException {
        CheckpointStore store = store(3);
        try (BicycleGan model = freshModel(settings)) {
            train(model);
            Path saved = model.save(store);
            Path state = saved.resolve("state.json");
            Files.writeString(state, Files.readString(state).replace("\"pairs\" : 2", "\"pairs\" : 3"));
        }
        assertThat(store.newestValid()).isEmpty();
    }

    @Test
    void open_replayDamagedOrMissing_isRejected() throws IOException {
        try (BicycleGan model = freshModel(TestSettings.tiny("train.replay.capacity=4"))) {
            train(model);
            Path saved = model.save(store(3));
            Path replay = saved.resolve("replay.safetensors");
            CheckpointFiles.damage(replay, (int) (Files.size(replay) - 1));
            assertThatThrownBy(() -> Checkpoint.open(saved))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("replay.safetensors does not match its checksum");

            Files.delete(replay);
            assertThatThrownBy(() -> Checkpoint.open(saved))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("replay.safetensors");
        }
    }

    @Test
    void save_damagedCheckpointOfALaterStep_doesNotRemoveTheSavedOne() throws IOException {
        CheckpointStore store = store(1);
        Path damaged = Files.createDirectories(folder.resolve("step-0000000009"));
        try (BicycleGan model = freshModel(settings)) {
            train(model);
            assertThat(model.save(store)).isDirectory();
        }
        assertThat(damaged).isDirectory();
        assertThat(store.newestValid()).map(Checkpoint::step).hasValue(1L);
    }

    @Test
    void save_folderReplacedByAFile_failsInOneLineAndDoesNotChangeTheModel() throws IOException {
        Path inside = folder.resolve("inside");
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(inside, 1, 3));
        try (BicycleGan model = freshModel(settings)) {
            train(model);
            Files.delete(inside.resolve(".lock"));
            Files.delete(inside);
            Files.writeString(inside, "a file now");

            assertThatThrownBy(() -> model.save(store))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("cannot be written")
                    .message()
                    .hasLineCount(1);
            train(model);
            assertThat(model.step()).isEqualTo(2);
        }
    }

    @Test
    void save_moreThanToKeep_removesTheOldestAndNoFolderOfAnotherName() throws IOException {
        CheckpointStore store = store(2);
        try (BicycleGan model = freshModel(settings)) {
            Files.createDirectories(folder.resolve("best"));
            for (int i = 0; i < 4; i++) {
                train(model);
                model.save(store);
            }
        }
        try (Stream<Path> entries = Files.list(folder)) {
            assertThat(entries.map(entry -> entry.getFileName().toString()).toList())
                    .containsExactlyInAnyOrder(".lock", "best", "step-0000000003", "step-0000000004");
        }
    }

    private CheckpointStore store(int keep) {
        return CheckpointStore.open(new CheckpointSettings(folder, 1, keep));
    }

    private static void train(BicycleGan model) {
        trainOnNoise(model, new Offsets(Map.of(PAIRS, 2 * (model.step() + 1))));
    }
}
