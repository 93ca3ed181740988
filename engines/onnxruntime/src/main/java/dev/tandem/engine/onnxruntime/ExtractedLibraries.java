package dev.tandem.engine.onnxruntime;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The temporary folder of 24 MB with the libraries that ONNX Runtime has loaded. The library deletes it when the process
 * ends, but not if the process is killed. On Linux, a loaded library needs no file any more.
 */
final class ExtractedLibraries {
    private static final Logger LOG = LoggerFactory.getLogger(ExtractedLibraries.class);
    private static final Path MAPPED_FILES = Path.of("/proc/self/maps");
    private static final Pattern FOLDER = Pattern.compile("onnxruntime-java\\d+");

    private ExtractedLibraries() {}

    /** Deletes the folder; does nothing on other systems, or if the libraries were not extracted. */
    static void delete() {
        try {
            Optional<Path> folder = folder();
            if (folder.isPresent()) {
                delete(folder.get());
            }
        } catch (IOException | RuntimeException e) {
            // A path that is not UTF-8 gives unchecked exceptions.
            LOG.debug("the libraries of ONNX Runtime stay in the temporary folder until the process ends", e);
        }
    }

    private static Optional<Path> folder() throws IOException {
        if (!Files.isReadable(MAPPED_FILES)) {
            return Optional.empty();
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toRealPath();
        // A line ends with the path of the mapped file, which is the only part with slashes.
        try (Stream<String> lines = Files.lines(MAPPED_FILES)) {
            return lines.filter(line -> line.endsWith("/libonnxruntime.so"))
                    .map(line -> Path.of(line.substring(line.indexOf('/'))).getParent())
                    .filter(folder -> temporary.equals(folder.getParent()))
                    .filter(folder ->
                            FOLDER.matcher(folder.getFileName().toString()).matches())
                    .findFirst();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
