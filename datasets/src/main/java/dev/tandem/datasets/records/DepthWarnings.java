package dev.tandem.datasets.records;

import dev.tandem.config.FileFault;
import dev.tandem.config.ImageSettings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.decode.DepthCheck;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Warnings about 16-bit files that are decoded to almost black. */
public final class DepthWarnings {
    private DepthWarnings() {}

    /**
     * Checks the files of records. Of files without 16 bits per sample, only the first bytes are read.
     *
     * @return a line per suspicious file
     * @throws UserError if a file cannot be read
     */
    public static List<String> of(List<ImageRecord> records, ImageSettings settings) {
        DepthCheck check = new DepthCheck(settings);
        return records.stream()
                .flatMap(record -> record.files().stream())
                .flatMap(file -> warning(file.path(), check).map(warning -> file.name() + ": " + warning).stream())
                .toList();
    }

    private static Optional<String> warning(Path file, DepthCheck check) {
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] start = stream.readNBytes(DepthCheck.HEADER_BYTES);
            return DepthCheck.isSixteenBits(start) ? check.warning(ImageFiles.read(file)) : Optional.empty();
        } catch (IOException e) {
            throw new UserError("cannot read " + file + " (" + FileFault.reason(e, file) + ")", e);
        }
    }
}
