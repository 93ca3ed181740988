package dev.tandem.datasets.records;

import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFile;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A record that is not sent yet.
 *
 * @param name start of the record's key
 * @param label names the record in messages
 * @param layout value of the header {@code tandem-layout}; empty for a single image
 * @param files the files that the value is made from
 * @param loader loads the value at each call, so that only one value has to be in memory
 */
public record ImageRecord(
        String name, String label, Optional<String> layout, List<ImageFile> files, Supplier<byte[]> loader) {

    /** A record with one image. Its key begins with the file's name without folders. */
    static ImageRecord ofImage(ImageFile file, Supplier<byte[]> loader) {
        return new ImageRecord(
                file.path().getFileName().toString(), file.name(), Optional.empty(), List.of(file), loader);
    }

    /**
     * Loads the value.
     *
     * @throws UserError if a file cannot be read or is not an image
     */
    public byte[] value() {
        return loader.get();
    }
}
