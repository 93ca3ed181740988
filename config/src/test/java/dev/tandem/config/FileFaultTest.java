package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileFaultTest {
    @TempDir
    Path folder;

    @Test
    void reason_errorsOfTheFileSystem_areInWords() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));

        assertThat(reasonOf(() -> Files.readAllBytes(folder.resolve("missing"))))
                .isEqualTo("no such file or folder");
        assertThat(reasonOf(() -> Files.createDirectory(file))).isEqualTo("a file has this name");
        assertThat(reasonOf(() -> Files.newDirectoryStream(file))).isEqualTo("not a folder");
        assertThat(reasonOf(() -> Files.delete(folder))).isEqualTo("the folder is not empty");
        assertThat(reasonOf(() -> Files.readAllBytes(folder))).isEqualTo("Is a directory");
        assertThat(FileFault.reason(new AccessDeniedException("/root"))).isEqualTo("no permission");
    }

    @Test
    void reason_otherErrors_areTheirTextOrName() {
        assertThat(FileFault.reason(new FileSystemException("/a", null, "No space left on device")))
                .isEqualTo("No space left on device");
        assertThat(FileFault.reason(new IOException("broken"))).isEqualTo("broken");
        assertThat(FileFault.reason(new EOFException())).isEqualTo("the file ends too early");
        assertThat(FileFault.reason(new MalformedInputException(1))).isEqualTo("not UTF-8");
        assertThat(FileFault.reason(new FileSystemException("/a"))).isEqualTo("unknown reason");
    }

    @Test
    void reason_namedFile_isNotRepeated() {
        AccessDeniedException denied = new AccessDeniedException("/a/b");

        assertThat(FileFault.reason(denied, Path.of("/a/b"))).isEqualTo("no permission");
        assertThat(FileFault.reason(denied, Path.of("/a"))).isEqualTo("no permission: /a/b");
        assertThat(FileFault.reason(new IOException("broken"), Path.of("/a"))).isEqualTo("broken");
    }

    private static String reasonOf(ThrowingCallable action) {
        return FileFault.reason(catchThrowableOfType(IOException.class, action));
    }
}
