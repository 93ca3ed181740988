package dev.tandem.datasets.records;

import dev.tandem.config.UserError;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A record that is not sent yet.
 *
 * @param name start of the record's key, and its name in messages
 * @param layout value of the header {@code tandem-layout}; empty for a single image
 * @param loader loads the value at each call, so that only one value has to be in memory
 */
public record ImageRecord(String name, Optional<String> layout, Supplier<byte[]> loader) {

    static ImageRecord ofImage(String name, Supplier<byte[]> loader) {
        return new ImageRecord(name, Optional.empty(), loader);
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
