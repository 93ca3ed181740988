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

/** Image files and folders of them. */
public final class ImageFiles {
    private static final Pattern ENDING = Pattern.compile(".*\\.(png|jpe?g|webp|bmp|gif)");
    private static final int LONGEST_NAME = 100;

    private ImageFiles() {}

    /**
     * Files as they are named, and the images in folders and below them, by name.
     *
     * @throws UserError if a path does not exist or a folder has no images
     */
    public static List<Path> find(List<Path> paths) {
        List<Path> found = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                found.addAll(inside(path));
            } else if (Files.isReadable(path)) {
                found.add(path);
            } else {
                throw new UserError((Files.exists(path) ? "cannot read " : "there is no file ") + path);
            }
        }
        return found;
    }

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

    /** @throws UserError if the folder cannot be made */
    public static Path folder(Path folder) {
        try {
            return Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UserError("cannot make the folder " + folder + " (" + e.getMessage() + ")", e);
        }
    }

    /** A text from outside as a file name: nothing in it leads out of the folder or is not fit for one. */
    public static String safeName(String text) {
        String safe = text.replaceAll("[^A-Za-z0-9._-]", "_").replaceAll("^\\.+", "_");
        return safe.isEmpty() ? "_" : shortened(safe, text);
    }

    /** Two long names stay two, and what tells them apart is mostly at their ends. */
    private static String shortened(String safe, String text) {
        if (safe.length() <= LONGEST_NAME) {
            return safe;
        }
        String hash = String.format("~%08x~", text.hashCode());
        int each = (LONGEST_NAME - hash.length()) / 2;
        return safe.substring(0, each) + hash + safe.substring(safe.length() - each);
    }

    /** The file's name without its ending. */
    public static String stem(Path file) {
        return file.getFileName().toString().replaceFirst("\\.[^.]*$", "");
    }

    private static List<Path> inside(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> images = files.filter(Files::isRegularFile)
                    .filter(file -> ENDING.matcher(file.getFileName().toString().toLowerCase(Locale.ROOT))
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
