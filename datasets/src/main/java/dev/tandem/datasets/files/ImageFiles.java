package dev.tandem.datasets.files;

import dev.tandem.config.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds, reads and writes files; failures are one-line {@link UserError}s. */
public final class ImageFiles {
    private static final Pattern IMAGE_NAME = Pattern.compile(".*\\.(png|jpe?g|webp|bmp|gif)");
    private static final int MAX_NAME_LENGTH = 100;

    private ImageFiles() {}

    /**
     * Expands folders to the images in them and in their subfolders, sorted by path; keeps files as they are.
     *
     * @throws UserError if a path does not exist or a folder has no images
     */
    public static List<Path> find(List<Path> paths) {
        List<Path> found = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                found.addAll(imagesIn(path));
            } else if (Files.isReadable(path)) {
                found.add(path);
            } else {
                throw new UserError((Files.exists(path) ? "cannot read " : "there is no file ") + path);
            }
        }
        return found;
    }

    /** @throws UserError if the file cannot be read */
    public static byte[] read(Path file) {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserError(
                    e instanceof NoSuchFileException
                            ? "there is no file " + file
                            : "cannot read " + file + " (" + e.getMessage() + ")",
                    e);
        }
    }

    /** @throws UserError if the file cannot be written */
    public static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UserError("cannot write " + file + " (" + e.getMessage() + ")", e);
        }
    }

    /**
     * Creates a folder and its parents; does nothing if the folder exists.
     *
     * @throws UserError if the folder cannot be created
     */
    public static Path createFolder(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UserError("cannot create the folder " + folder + " (" + e.getMessage() + ")", e);
        }
    }

    /** Converts untrusted text to a file name that is valid and cannot leave its folder. */
    public static String safeName(String text) {
        String safe = text.replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("^\\.+", "_");
        return safe.isEmpty() ? "_" : shortened(safe, text);
    }

    /** Keeps both ends, where names usually differ, and adds a hash, so that different names stay different. */
    private static String shortened(String safe, String text) {
        if (safe.length() <= MAX_NAME_LENGTH) {
            return safe;
        }
        String hash = String.format("~%08x~", text.hashCode());
        int end = (MAX_NAME_LENGTH - hash.length()) / 2;
        return safe.substring(0, end) + hash + safe.substring(safe.length() - end);
    }

    /** The file's name without its extension. */
    public static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }

    private static List<Path> imagesIn(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> images = files.filter(Files::isRegularFile)
                    .filter(file -> IMAGE_NAME
                            .matcher(file.getFileName().toString().toLowerCase(Locale.ROOT))
                            .matches())
                    .sorted()
                    .toList();
            if (images.isEmpty()) {
                throw new UserError("the folder " + folder + " has no images (PNG, JPEG, WebP, BMP or GIF)");
            }
            return images;
        } catch (IOException | UncheckedIOException e) {
            throw new UserError("cannot read the folder " + folder + " (" + e.getMessage() + ")", e);
        }
    }
}
