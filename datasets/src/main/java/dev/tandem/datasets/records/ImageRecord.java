package dev.tandem.datasets.records;

import dev.tandem.config.UserError;
import java.util.Optional;

/**
 * A record to be.
 *
 * @param name what its key begins with, and what people call it by
 * @param layout the header {@code tandem-layout}, if its value is no single picture
 * @param recipe makes its value, anew each time, so that no more than one need be in memory
 */
public record ImageRecord(String name, Optional<String> layout, Recipe recipe) {

    /** Makes a value of files. */
    @FunctionalInterface
    public interface Recipe {
        /** @throws UserError if the files cannot be read, or are no pictures */
        byte[] value();
    }

    static ImageRecord picture(String name, Recipe recipe) {
        return new ImageRecord(name, Optional.empty(), recipe);
    }

    public byte[] value() {
        return recipe.value();
    }
}
