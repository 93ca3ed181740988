package dev.tandem.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckpointFolderCheckTest {
    @TempDir
    private Path folder;

    @Test
    void requireTrainable_missingFolder_isAcceptedAndNotCreated() throws IOException {
        CheckpointFolderCheck.requireTrainable(folder.resolve("new/checkpoints"));

        try (Stream<Path> entries = Files.list(folder)) {
            assertThat(entries).isEmpty();
        }
    }

    @Test
    void requireTrainable_fileOrBrokenLink_isRejected() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "");
        Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("gone"));

        assertThatThrownBy(() -> CheckpointFolderCheck.requireTrainable(file.resolve("below")))
                .isInstanceOf(CheckpointException.class)
                .hasMessage("the checkpoint folder " + file.resolve("below") + " cannot be written to");
        assertThatThrownBy(() -> CheckpointFolderCheck.requireTrainable(link))
                .hasMessage("the checkpoint folder " + link + " cannot be written to");
    }

    @Test
    void requireTrainable_lockOfAnotherProcess_isRejectedUntilItEnds() throws Exception {
        Path script = Files.writeString(folder.resolve("Locker.java"), """
                import java.nio.channels.FileChannel;
                import java.nio.file.*;
                public class Locker {
                    public static void main(String[] arguments) throws Exception {
                        Path folder = Path.of(arguments[0]);
                        FileChannel.open(folder.resolve(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE).lock();
                        System.out.println("locked");
                        System.in.read();
                    }
                }
                """);
        Process locker = new ProcessBuilder("java", script.toString(), folder.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(locker.inputReader().readLine()).isEqualTo("locked");
            assertThatThrownBy(() -> CheckpointFolderCheck.requireTrainable(folder))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessage("another process trains in the checkpoint folder " + folder);
        } finally {
            locker.destroyForcibly();
        }
        assertThat(locker.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThatCode(() -> CheckpointFolderCheck.requireTrainable(folder)).doesNotThrowAnyException();
    }
}
