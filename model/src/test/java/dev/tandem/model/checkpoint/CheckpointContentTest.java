package dev.tandem.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.sun.management.ThreadMXBean;
import dev.tandem.config.CheckpointSettings;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.validation.Score;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints whose checksums are right, but whose content no run writes. */
class CheckpointContentTest {
    private static final Duration HANG = Duration.ofMinutes(2);
    private static final long MEMORY = 64L << 20;

    @TempDir
    private Path directory;

    private CheckpointFolder checkpoint;

    /** The second checkpoint is written again if a test has damaged it. */
    @BeforeEach
    void create() {
        CheckpointFolder.create(directory, 1);
        checkpoint = CheckpointFolder.create(directory, 2);
    }

    @Test
    void open_validCheckpoint_hasItsContent() {
        Checkpoint opened = Checkpoint.open(checkpoint.folder());

        assertThat(opened.step()).isEqualTo(2);
        assertThat(opened.networks()).containsExactly("d_vae", "generator");
        assertThat(opened.pastPairCount()).isEqualTo(2);
        assertThat(opened.weight("generator", "down.0.weight").data()).containsOnly(0.25f);
    }

    /** Programs without these features wrote such files. */
    @Test
    void open_stateWithoutTopicsReplayAndProvenance_isValid() {
        checkpoint.changeState(state -> state.replaceFirst("\"topics\" : \\{[^}]*},", "")
                .replaceFirst("\"replay\" : 2,", "")
                .replaceFirst(",\\s*\"provenance\" : \\{[^}]*}", ""));

        Checkpoint opened = Checkpoint.open(checkpoint.folder());

        assertThat(new String(checkpoint.read("state.json"))).doesNotContain("topics", "\"replay\"", "provenance");
        assertThat(opened.offsets()).isEqualTo(new Offsets(Map.of(new Partition("pairs", 0), 4L)));
        assertThat(opened.pastPairCount()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"step\" : 2 | \"step\" : -1 | step is -1",
                "\"step\" : 2 | \"step\" : 99999999999 | step is 99999999999",
                "\"step\" : 2 | \"step\" : null | not valid JSON",
                "\"step\" : 2 | \"step\" : \"2\" | not valid JSON",
                "\"step\" : 2 | \"step\" : 2.5 | not valid JSON",
                "\"step\" : 2 | \"step\" : 2, \"step\" : 2 | Duplicate",
                "\"step\" : 2 | \"steps\" : 2 | not valid JSON",
                "\"pairs\" : 4 | \"pairs\" : -4 | pairs is -4",
                "\"pairs\" : 4 | \"pairs\" : 9223372036854775807 | pairs is 9223372036854775807",
                "\"replay\" : 2 | \"replay\" : -2 | replay is -2",
                "\"pairs-0\" : 4 | \"pairs-0\" : -1 | offset of pairs-0 is -1",
                "\"pairs-0\" : 4 | \"pairs-0\" : null | offsets is or contains null",
                "\"pairs-0\" : 4 | \"pairs\" : 4 | partition is \"pairs\" instead of TOPIC-NUMBER",
                "\"pairs-0\" : 4 | \"-0\" : 4 | partition is \"-0\"",
                "\"pairs-0\" : 4 | \"pairs-99999999999\" : 4 | partition is",
                "\"generator\" : 2 | \"generator\" : -2 | updates of generator is -2",
                "\"generator\" : 2 | \"generator\" : 2147483648 | updates of generator is 2147483648",
                "\"generator\" : 2 | \"generator\" : null | updates is or contains null",
                "\"generator\" : 2 | \"generators\" : 2 | has updates of an unknown network",
                "\"model.width\" : \"2\" | \"model.width\" : \"many\" | model.width is \"many\"",
                "\"model.width\" : \"2\" | \"model.width\" : \"-2\" | model.width is -2",
                "\"model.width\" : \"2\" | \"model.width\" : null | settings is or contains null",
                "\"model.width\" : \"2\" | \"model.width\" : \"4\" | instead of",
                "\"model.width\" : \"2\" | \"model\" : \"2\" | the saved settings are malformed"
            })
    void open_impossibleState_isRejectedAndTheOneBeforeIsUsed(String from, String to, String problem) {
        checkpoint.changeState(state -> {
            assertThat(state).contains(from);
            return state.replace(from, to);
        });

        assertRejected(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0.25 | -0.25 | nearestL1 is -0.25",
                "0.25 | 1.5 | nearestL1 is 1.5",
                "0.25 | \"NaN\" | nearestL1 is NaN",
                "0.125 | 3 | diversity is 3.0",
                "\"4xa\" | null | the name of the held-out pairs is null",
                "\"step\" : 3, | | not valid JSON",
            })
    void open_impossibleScore_isRejected(String from, String to, String problem) {
        CheckpointStore store = CheckpointStore.open(new CheckpointSettings(directory, 1, 9));
        checkpoint = CheckpointFolder.create(store, 3, Optional.of(new Score(3, 0.25, 0.125, "4xa")));
        assertThat(store.catalog().list().get(0).score()).hasValue(new Score(3, 0.25, 0.125, "4xa"));

        checkpoint.changeState(state -> {
            int validation = state.indexOf("\"validation\"");
            assertThat(state.substring(validation)).contains(from);
            return state.substring(0, validation)
                    + state.substring(validation).replaceFirst(Pattern.quote(from), to == null ? "" : to);
        });

        assertRejected(problem, 2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "null", "[]", "{}", "{\"format\":1}", "1", "\"x\"", "{\"format\":1,\"step\":1}", "\u0000"})
    void open_stateOfAnotherForm_isRejected(String state) {
        checkpoint.changeState(old -> state);

        assertRejected("state.json");
    }

    @Test
    void open_stateNestedDeeply_isRejected() {
        checkpoint.changeState(old -> old.replaceFirst("\\{", "{\"x\":" + "[".repeat(1 << 20)));

        assertRejected("state.json is not valid JSON");
    }

    @Test
    void open_settingsOfAModelThatIsTooLarge_isRejected() {
        checkpoint.changeState(state -> state.replaceFirst(
                "\"settings\" : \\{[^}]*}",
                "\"settings\" : {\"model.preset\":\"seed\",\"model.image-size\":\"2048\",\"model.latent\":\"512\"}"));

        assertRejected("state.json describes a model with more than 2^31 weights in a tensor");
    }

    @Test
    void open_stateOfAnotherFormat_saysWhichVersionToUse() {
        checkpoint.changeState(old -> "{\"format\" : 2, \"other\" : [1]}");

        assertThatThrownBy(() -> Checkpoint.open(checkpoint.folder()))
                .isInstanceOf(CheckpointException.class)
                .hasMessageEndingWith("has format 2, but this version reads format 1; use the version that wrote it");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"state.json", "SHA256SUMS", "model.safetensors", "optimizer.safetensors", "replay.safetensors"})
    void open_hugeFile_isRejectedBeforeItIsRead(String name) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(checkpoint.file(name).toFile(), "rw")) {
            file.setLength(1L << 40);
        }

        assertRejected(name + " has 1099511627776 bytes, but at most");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"state.json", "SHA256SUMS", "model.safetensors", "optimizer.safetensors", "replay.safetensors"})
    void open_notARegularFile_isRejected(String name) throws Exception {
        Path file = checkpoint.file(name);
        Path moved = Files.move(file, directory.resolve("moved"));
        Files.createSymbolicLink(file, moved);
        assertRejected(name + " is a symbolic link instead of a regular file");

        Files.delete(file);
        Files.createSymbolicLink(file, Path.of("/dev/zero"));
        assertRejected(name + " is a symbolic link");

        Files.delete(file);
        Files.createDirectory(file);
        assertRejected(name + " is a folder instead of a regular file");

        Files.delete(file);
        assertThat(new ProcessBuilder("mkfifo", file.toString()).start().waitFor())
                .isZero();
        assertRejected(name + " is a special file instead of a regular file");

        Files.delete(file);
        assertRejected("cannot be read (no such file or folder: ");
    }

    /** A mounted volume may be reached by links; only the files in a checkpoint are checked. */
    @Test
    void newestValid_linksToFolders_areFollowed() throws IOException {
        Path data = Files.createDirectory(directory.resolve("..data"));
        Path link = directory.resolve(checkpoint.folder().getFileName());
        Files.move(checkpoint.folder(), data.resolve(link.getFileName()));
        Files.createSymbolicLink(link, Path.of("..data").resolve(link.getFileName()));
        Path mount = Files.createSymbolicLink(directory.resolveSibling(directory.getFileName() + "-link"), directory);
        try {
            assertThat(CheckpointStore.openReadOnly(mount).newestValid())
                    .map(Checkpoint::step)
                    .hasValue(2L);
        } finally {
            Files.delete(mount);
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void open_valueThatIsNotFinite_isRejectedWithTheTensor(float value) {
        changeLastValue("model.safetensors", value);
        assertRejected("model.safetensors has a value of tensor ");

        create();
        changeLastValue("optimizer.safetensors", value);
        assertRejected("optimizer.safetensors has a value of tensor ");
    }

    @Test
    void open_negativeSecondMoment_isRejected() {
        changeLastValue("optimizer.safetensors", -0.5f);

        assertRejected("exp_avg_sq that is negative");
    }

    @Test
    void open_otherTensors_areRejectedWithTheirNames() {
        checkpoint.changeHeader("model.safetensors", "\"generator.down.0.weight\"", "\"generator.down.0.weighs\"");
        assertRejected("model.safetensors has no tensor generator.down.0.weight");

        create();
        checkpoint.changeHeader("model.safetensors", "\"generator.", "\"generated.");
        assertRejected("model.safetensors has no generator");

        create();
        checkpoint.changeHeader("model.safetensors", "\"d_vae.", "\"d-vae.");
        assertRejected("model.safetensors has an unknown tensor, d-vae.");

        create();
        checkpoint.changeHeader("optimizer.safetensors", ".weight.exp_avg\"", ".weight.exp-avg\"");
        assertRejected("optimizer.safetensors has no tensor ");

        create();
        checkpoint.changeHeader("model.safetensors", "\"dtype\":\"F32\"", "\"dtype\":\"I32\"");
        assertRejected("of type I32 instead of F32");

        create();
        checkpoint.changeHeader("replay.safetensors", "\"1.a\"", "\"2.a\"");
        assertRejected("replay.safetensors has no tensor 1.a");
    }

    @Test
    void open_twoChecksumsOfAFile_isRejected() {
        String sums = new String(checkpoint.read("SHA256SUMS"));
        checkpoint.write("SHA256SUMS", (sums + "0".repeat(64) + "  state.json\n").getBytes());

        assertRejected("SHA256SUMS has 2 checksums of state.json instead of 1");
    }

    private void changeLastValue(String name, float value) {
        byte[] content = checkpoint.read(name);
        ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN).putFloat(content.length - Float.BYTES, value);
        checkpoint.write(name, content);
    }

    /** The newest checkpoint is rejected in one line, with little memory, and the one before it is used. */
    private void assertRejected(String problem) {
        assertRejected(problem, 1);
    }

    private void assertRejected(String problem, long stepBefore) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        assertTimeoutPreemptively(HANG, () -> {
            long before = threads.getCurrentThreadAllocatedBytes();
            assertThatThrownBy(() -> Checkpoint.open(checkpoint.folder()))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("checkpoint " + checkpoint.folder())
                    .hasMessageContaining(problem)
                    .hasMessageEndingWith("; use another checkpoint")
                    .message()
                    .hasLineCount(1);
            assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(MEMORY);
            assertThat(CheckpointStore.open(new CheckpointSettings(directory, 1, 9))
                            .newestValid())
                    .map(Checkpoint::step)
                    .hasValue(stepBefore);
        });
    }
}
