package dev.tandem.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A temporary folder with the two files of a network. */
record TemporaryFiles(Path folder) implements AutoCloseable {

    static TemporaryFiles create() throws IOException {
        return new TemporaryFiles(Files.createTempDirectory("tandem-onnx-"));
    }

    Path network() {
        return folder.resolve("network.onnx");
    }

    Path weights() {
        return folder.resolve("weights");
    }

    /** Deletes the files. Windows does not delete a file that is mapped into memory: then a later call has to. */
    boolean delete() {
        // All files, also after one that cannot be deleted.
        List.of(network(), weights(), folder).forEach(path -> path.toFile().delete());
        return !Files.exists(folder);
    }

    /** Deletes the files, at the end of the process if that is not possible now. */
    @Override
    public void close() {
        if (!delete()) {
            // The path that is registered last is deleted first.
            List.of(folder, network(), weights()).forEach(path -> path.toFile().deleteOnExit());
        }
    }
}
