package dev.tandem.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.NetworkCompatibility;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import dev.tandem.model.train.NotFinite;
import dev.tandem.model.train.StepLosses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final Partition PAIRS = new Partition("pairs-of-mine", 3);

    @TempDir
    private Path folder;

    private final Settings settings = TestSettings.tiny("train.ema-decay=0.9");

    /** With all that has state: running statistics, an average, draws by step, a schedule by pairs. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "train.ema-decay=0.9",
                "model.norm=batch train.ema-decay=0.9 train.dropout=0.5 train.schedule.policy=linear"
                        + " train.schedule.hold-pairs=4 train.schedule.decay-pairs=20",
                "model.preset=seed model.image-size=64",
                "train.replay.capacity=3 train.replay.share=0.5"
            })
    void resumed_afterSomeSteps_goesOnToTheBit(String assignments) {
        Settings varied = TestSettings.tiny(assignments.split(" "));
        CheckpointStore store = store(3);
        Path undisturbed;
        try (BicycleGan model = fresh(varied)) {
            train(model, 3);
            model.save(store);
            train(model, 3);
            undisturbed = model.save(store);
        }

        Checkpoint third = Checkpoint.open(undisturbed.resolveSibling("step-0000000003"));
        try (BicycleGan model = resumed(varied, third)) {
            assertThat(model.step()).isEqualTo(3);
            assertThat(model.pairs()).isEqualTo(6);
            assertThat(model.offsets().of(PAIRS)).hasValue(6);
            train(model, 3);
            // A folder of its own: a checkpoint of that step is not written twice.
            Path again = model.save(CheckpointStore.open(new CheckpointSettings(folder.resolve("resumed"), 1, 3)));

            List<String> files = new ArrayList<>(List.of("model.safetensors", "optimizer.safetensors"));
            if (varied.train().replayedPairs() > 0) {
                files.add("replay.safetensors");
            }
            for (String file : files) {
                assertThat(again.resolve(file)).isNotEqualTo(undisturbed.resolve(file));
                assertThat(bytes(again.resolve(file))).isEqualTo(bytes(undisturbed.resolve(file)));
            }
        }
    }

    @Test
    void save_sameStepAfterPairsWerePassedOver_keepsTheNewOffsets() {
        CheckpointStore store = store(3);
        try (BicycleGan model = fresh(settings)) {
            train(model, 1);
            model.save(store);
            Tensor broken =
                    new Tensor(model.inputs(2), new float[model.inputs(2).size()]);
            broken.data()[0] = Float.NaN;
            assertThatThrownBy(() -> model.train(
                            broken, Noise.gaussian(model.outputs(2), 1, "b"), new Offsets(Map.of(PAIRS, 4L))))
                    .isInstanceOf(NotFinite.class);
            model.skip(2, new Offsets(Map.of(PAIRS, 4L)));

            Checkpoint again = Checkpoint.open(model.save(store));

            assertThat(again.step()).isEqualTo(1);
            assertThat(again.pairs()).isEqualTo(4);
            assertThat(again.offsets().of(PAIRS)).hasValue(4);
        }
    }

    @Test
    void latest_newestDamagedByOneByte_isTheOneBefore() throws IOException {
        CheckpointStore store = store(3);
        try (BicycleGan model = fresh(settings)) {
            train(model, 1);
            model.save(store);
            train(model, 1);
            Path newest = model.save(store);
            byte[] bytes = bytes(newest.resolve("model.safetensors"));
            bytes[bytes.length / 2] ^= 1;
            Files.write(newest.resolve("model.safetensors"), bytes);

            assertThatThrownBy(() -> Checkpoint.open(newest))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("model.safetensors does not match its checksum");
            assertThat(store.latest()).map(Checkpoint::step).hasValue(1L);
        }
    }

    @Test
    void open_replayDamagedOrGone_isNotUsed() throws IOException {
        Settings keeping = TestSettings.tiny("train.replay.capacity=4");
        try (BicycleGan model = fresh(keeping)) {
            train(model, 1);
            Path saved = model.save(store(3));
            byte[] bytes = bytes(saved.resolve("replay.safetensors"));
            bytes[bytes.length - 1] ^= 1;
            Files.write(saved.resolve("replay.safetensors"), bytes);
            assertThatThrownBy(() -> Checkpoint.open(saved))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("replay.safetensors does not match its checksum");

            Files.delete(saved.resolve("replay.safetensors"));
            assertThatThrownBy(() -> Checkpoint.open(saved))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("replay.safetensors");
        }
    }

    /** Written before there was any replay. */
    @Test
    void resumed_stateWithoutReplay_beginsToKeepPairs() throws IOException {
        try (BicycleGan model = fresh(settings)) {
            train(model, 1);
            Path saved = model.save(store(3));
            Path state = saved.resolve("state.json");
            Files.writeString(state, Files.readString(state).replaceFirst("\\s*\"replay\" : 0,", ""));
            Checksums.write(saved, List.of("model.safetensors", "optimizer.safetensors", "state.json"));
        }
        Settings keeping = TestSettings.tiny("train.ema-decay=0.9", "train.replay.capacity=4");
        try (BicycleGan model = resumed(keeping, store(3).latest().orElseThrow())) {
            train(model, 1);

            assertThat(Checkpoint.open(model.save(store(3))).pastPairCount()).isEqualTo(2);
        }
    }

    @Test
    void translating_checkpointWithReplay_leavesItAlone() {
        Settings keeping = TestSettings.tiny("train.replay.capacity=4");
        try (BicycleGan model = fresh(keeping)) {
            train(model, 1);
            model.save(store(3));
        }
        Checkpoint saved = store(3).latest().orElseThrow();
        assertThat(saved.pastPairCount()).isEqualTo(2);
        try (BicycleGan model =
                BicycleGan.translating(Engines.open(keeping.model().device()), keeping, saved)) {
            Path again = model.save(CheckpointStore.open(new CheckpointSettings(folder.resolve("again"), 1, 3)));

            assertThat(Checkpoint.open(again).pastPairCount()).isZero();
        }
    }

    @Test
    void resumed_withoutReplay_forgetsThePairsAndKeepsNone() {
        try (BicycleGan model = fresh(TestSettings.tiny("train.replay.capacity=4"))) {
            train(model, 1);
            model.save(store(3));
        }
        Settings without = TestSettings.tiny();
        try (BicycleGan model = resumed(without, store(3).latest().orElseThrow())) {
            train(model, 1);

            assertThat(model.save(store(3)).resolve("replay.safetensors")).doesNotExist();
        }
    }

    @Test
    void latest_offsetInTheStateChanged_isNotUsed() throws IOException {
        CheckpointStore store = store(3);
        try (BicycleGan model = fresh(settings)) {
            train(model, 1);
            Path saved = model.save(store);
            Path state = saved.resolve("state.json");
            Files.writeString(state, Files.readString(state).replace("\"pairs\" : 2", "\"pairs\" : 3"));
        }
        assertThat(store.latest()).isEmpty();
    }

    @Test
    void save_laterOneDamaged_sparesTheOneJustWritten() throws IOException {
        CheckpointStore store = store(1);
        Path damaged = Files.createDirectories(folder.resolve("step-0000000009"));
        try (BicycleGan model = fresh(settings)) {
            train(model, 1);
            assertThat(model.save(store)).isDirectory();
        }
        assertThat(damaged).isDirectory();
        assertThat(store.latest()).map(Checkpoint::step).hasValue(1L);
    }

    @Test
    void save_folderGoneWhileRunning_failsInOneLineAndLeavesTheModelAlone() throws IOException {
        Path inside = folder.resolve("inside");
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(inside, 1, 3));
        try (BicycleGan model = fresh(settings)) {
            train(model, 1);
            Files.delete(inside.resolve(".lock"));
            Files.delete(inside);
            Files.writeString(inside, "a file now");

            assertThatThrownBy(() -> model.save(store))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("cannot be written")
                    .message()
                    .hasLineCount(1);
            assertThat(train(model, 1)).hasSize(1);
            assertThat(model.step()).isEqualTo(2);
        }
    }

    @Test
    void save_moreThanToKeep_removesTheOldestAndSparesNamedOnes() throws IOException {
        CheckpointStore store = store(2);
        try (BicycleGan model = fresh(settings)) {
            Files.createDirectories(folder.resolve("best"));
            for (int i = 0; i < 4; i++) {
                train(model, 1);
                model.save(store);
            }
        }
        assertThat(names()).containsExactlyInAnyOrder(".lock", "best", "step-0000000003", "step-0000000004");
    }

    @Test
    void open_leftoverOfACrash_isRemoved() throws IOException {
        Path leftover = Files.createDirectories(folder.resolve(".unfinished-123"));
        Files.writeString(leftover.resolve("model.safetensors"), "half");

        CheckpointStore store = store(3);

        assertThat(names()).containsExactly(".lock");
        assertThat(store.latest()).isEmpty();
    }

    @Test
    void open_folderThatIsAFile_isRefusedInOneLine() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");

        assertThatThrownBy(() -> CheckpointStore.open(new CheckpointSettings(file, 1, 1)))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("cannot be written to")
                .hasMessageContaining("set checkpoint.directory");
    }

    @Test
    void resumed_otherNetworks_isRefusedWithTheSettingThatDiffers() {
        CheckpointStore store = store(3);
        try (BicycleGan model = fresh(settings)) {
            model.save(store);
        }
        Checkpoint checkpoint = store.latest().orElseThrow();
        Settings wider = TestSettings.tiny("train.ema-decay=0.9", "model.width=8");

        assertThatThrownBy(() -> NetworkCompatibility.require(wider, checkpoint))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("was made with other networks than the settings describe; set model.width=4, or");
    }

    @Test
    void save_always_writesSafetensorsInPyTorchsLayoutAndReadableState() throws IOException {
        CheckpointStore store = store(3);
        Path saved;
        try (BicycleGan model = fresh(settings)) {
            train(model, 1);
            saved = model.save(store);
        }
        ByteBuffer file =
                ByteBuffer.wrap(bytes(saved.resolve("model.safetensors"))).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[Math.toIntExact(file.getLong())];
        file.get(header);
        JsonNode tensors = new ObjectMapper().readTree(new String(header, StandardCharsets.UTF_8));
        JsonNode state = new ObjectMapper().readTree(saved.resolve("state.json").toFile());

        assertThat((8 + header.length) % 8).isZero();
        // A|z in, OIHW: 3 + 8 channels to 4, 4x4.
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

    private CheckpointStore store(int keep) {
        return CheckpointStore.open(new CheckpointSettings(folder, 1, keep));
    }

    private static BicycleGan fresh(Settings settings) {
        return BicycleGan.fresh(Engines.open(settings.model().device()), settings);
    }

    private static BicycleGan resumed(Settings settings, Checkpoint checkpoint) {
        return BicycleGan.resumed(Engines.open(settings.model().device()), settings, checkpoint);
    }

    /** Steps on pairs that depend on the step alone. */
    private static List<StepLosses> train(BicycleGan model, int steps) {
        return Stream.generate(() -> {
                    long step = model.step();
                    Tensor a = Noise.gaussian(model.inputs(2), step, "a");
                    Tensor b = Noise.gaussian(model.outputs(2), step, "b");
                    return model.train(a, b, new Offsets(Map.of(PAIRS, 2 * (step + 1))))
                            .losses();
                })
                .limit(steps)
                .toList();
    }

    private List<String> names() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.map(entry -> entry.getFileName().toString()).toList();
        }
    }

    private static byte[] bytes(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
