package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.Models;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.conformance.CheckpointFiles;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A process that trains and one that follows its checkpoints, while the files of the folder are changed. */
class ModelCheckpointsTest {
    @TempDir
    private Path parent;

    private Path folder;
    private Settings settings;
    private BicycleGan trained;
    private BicycleGan following;
    private ModelCheckpoints trainer;
    private ModelCheckpoints follower;

    @BeforeEach
    void open() {
        folder = parent.resolve("checkpoints");
        settings = TestSettings.tiny(
                "model.width=2", "train.replay.capacity=4", "checkpoint.keep=9", "checkpoint.directory=" + folder);
        trained = BicycleGan.fresh(Engines.open(settings.model()), settings);
        following = Models.translating(settings, Optional.empty());
        trainer = new ModelCheckpoints(trained, CheckpointStore.open(settings.checkpoint()));
        follower = new ModelCheckpoints(following, CheckpointStore.openReadOnly(folder));
    }

    @AfterEach
    void close() {
        trained.close();
        following.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"state.json", "model.safetensors", "optimizer.safetensors", "replay.safetensors", "SHA256SUMS"})
    void watchFolder_newestIsMalformed_usesTheOneBeforeAndLaterTheNext(String file) throws IOException {
        Path first = trainAndSave();
        Path second = trainAndSave();
        float[] expected = translated(trained);
        Path third = trainAndSave();
        malform(third, file);

        follower.watchFolder();

        assertThat(follower.newestName()).isEqualTo(second.getFileName().toString());
        assertThat(translated(following)).isEqualTo(expected);
        assertThat(following.step()).isEqualTo(2);
        assertThatThrownBy(() -> Checkpoint.open(third)).isInstanceOf(CheckpointException.class);
        assertThat(CheckpointStore.openReadOnly(folder).newestValid())
                .map(Checkpoint::folder)
                .hasValue(second);

        Path fourth = trainAndSave();
        follower.watchFolder();

        assertThat(follower.newestName()).isEqualTo(fourth.getFileName().toString());
        assertThat(translated(following)).isEqualTo(translated(trained));
        assertThat(first).isDirectory();
    }

    /** A checkpoint that is copied file by file is incomplete at first. */
    @Test
    void watchFolder_rejectedCheckpointIsCompleted_loadsIt() throws IOException {
        Path first = trainAndSave();
        Path state = first.resolve("state.json");
        Path copied = Files.copy(state, parent.resolve("state.json"));
        Files.delete(state);
        follower.watchFolder();
        assertThat(follower.newestName()).isEqualTo("none");

        Files.move(copied, state);
        Files.setLastModifiedTime(
                first, FileTime.fromMillis(Files.getLastModifiedTime(first).toMillis() + 1000));
        follower.watchFolder();

        assertThat(follower.newestName()).isEqualTo("step-0000000001");
    }

    /** The time of the folder does not change while a file in it grows. */
    @Test
    void watchFolder_fileOfRejectedCheckpointIsCompleted_loadsIt() throws IOException {
        Path first = trainAndSave();
        Path model = first.resolve("model.safetensors");
        byte[] complete = Files.readAllBytes(model);
        Files.write(model, Arrays.copyOf(complete, complete.length / 2));
        follower.watchFolder();
        assertThat(follower.newestName()).isEqualTo("none");

        Files.write(model, complete);
        Files.setLastModifiedTime(
                model, FileTime.fromMillis(Files.getLastModifiedTime(first).toMillis() + 1000));
        follower.watchFolder();

        assertThat(follower.newestName()).isEqualTo("step-0000000001");
    }

    @Test
    void watchFolder_onlyOlderCheckpointsAreLeft_keepsTheLoadedOneUnlessTrainingStartedAgain() throws IOException {
        Path first = trainAndSave();
        Path second = trainAndSave();
        follower.watchFolder();
        assertThat(follower.newestName()).isEqualTo(second.getFileName().toString());
        Path third = trainAndSave();
        malform(third, "state.json");
        delete(second);

        follower.watchFolder();
        assertThat(follower.newestName()).as("a later one exists").isEqualTo("step-0000000002");

        delete(third);
        follower.watchFolder();
        assertThat(follower.newestName()).isEqualTo(first.getFileName().toString());
    }

    @Test
    void watchFolder_folderRemovedDuringTraining_writesTheModelAgain() throws IOException {
        trainAndSave();
        Path second = trainAndSave();
        delete(folder);

        trainer.watchFolder();

        assertThat(folder.resolve(".lock")).isRegularFile();
        assertThat(CheckpointStore.openReadOnly(folder).newestValid())
                .map(Checkpoint::folder)
                .hasValue(second);
    }

    @Test
    void save_checkpointRemovedSince_writesItAgain() throws IOException {
        Path first = trainAndSave();
        delete(first);

        assertThat(trainer.save().folder()).isEqualTo(first).isDirectory();
    }

    private Path trainAndSave() {
        Tensor a = Noise.gaussian(trained.inputShape(2), trained.step(), "a");
        trained.train(a, Noise.gaussian(trained.outputShape(2), trained.step(), "b"), Offsets.NONE);
        return trainer.write().folder();
    }

    private static float[] translated(BicycleGan model) {
        return model.translate(
                        Noise.gaussian(model.inputShape(1), 7, "a"), Noise.gaussian(model.latentShape(1), 7, "z"))
                .data();
    }

    /** Leaves nothing but an empty JSON object, under a right checksum. */
    private static void malform(Path checkpoint, String file) throws IOException {
        byte[] empty = "{}".getBytes(StandardCharsets.UTF_8);
        if (file.equals("SHA256SUMS")) {
            Files.write(checkpoint.resolve(file), empty);
        } else {
            CheckpointFiles.replace(checkpoint, file, empty);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> entries;
        try (Stream<Path> found = Files.walk(folder)) {
            entries = found.sorted(Collections.reverseOrder()).toList();
        }
        for (Path entry : entries) {
            Files.delete(entry);
        }
    }
}
