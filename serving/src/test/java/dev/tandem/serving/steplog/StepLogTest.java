package dev.tandem.serving.steplog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.UserError;
import dev.tandem.model.checkpoint.Offsets.Partition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepLogTest {
    @TempDir
    private Path folder;

    @Test
    void logSkippedBatch_fileRemoved_writesToANewFile() throws IOException {
        Path file = folder.resolve("steps.jsonl");
        StepLog log = new StepLog(file, 1 << 20);
        log(log, 1);
        Files.delete(file);

        log(log, 2);
        log(log, 3);

        assertThat(Files.readAllLines(file)).containsExactly(line(2), line(3));
    }

    @Test
    void logSkippedBatch_folderRemoved_createsItAgain() throws IOException {
        Path file = Files.createDirectory(folder.resolve("checkpoints")).resolve("steps.jsonl");
        StepLog log = new StepLog(file, 1 << 20);
        log(log, 1);
        Files.delete(file);
        Files.delete(file.getParent());

        log(log, 2);

        assertThat(Files.readAllLines(file)).containsExactly(line(2));
    }

    @Test
    void logSkippedBatch_fileReplaced_appendsToTheNewOne() throws IOException {
        Path file = folder.resolve("steps.jsonl");
        StepLog log = new StepLog(file, 1 << 20);
        log(log, 1);
        Files.move(file, folder.resolve("old"));
        Files.writeString(file, "another line\n");

        log(log, 2);

        assertThat(Files.readAllLines(file)).containsExactly("another line", line(2));
        assertThat(Files.readAllLines(folder.resolve("old"))).containsExactly(line(1));
    }

    @Test
    void create_notAFile_isRejectedWithTheSetting() throws IOException {
        Path file = Files.createDirectory(folder.resolve("steps.jsonl"));

        assertThatThrownBy(() -> new StepLog(file, 1 << 20))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("cannot write the step log " + file)
                .hasMessageContaining("health.step-log");
    }

    private static void log(StepLog log, long step) {
        log.logSkippedBatch(Map.of(new Partition("pairs", 0), List.of(step)), step, 2 * step, "a test");
    }

    private static String line(long step) {
        return "{\"notTaken\":\"a test\",\"pairs\":%d,\"records\":{\"pairs-0\":[[%d,%d]]},\"step\":%d}"
                .formatted(2 * step, step, step + 1, step);
    }
}
