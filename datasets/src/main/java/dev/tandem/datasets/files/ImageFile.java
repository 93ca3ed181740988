package dev.tandem.datasets.files;

import java.nio.file.Path;

/**
 * An image file that a user named, or that is in a folder that a user named.
 *
 * @param name names the file in messages: its path relative to the folder that the user named, or the path as the user
 *     wrote it
 */
public record ImageFile(Path path, String name) {}
