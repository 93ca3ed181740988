package dev.tandem.datasets.files;

import dev.tandem.config.FileFault;
import dev.tandem.config.UserError;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds, reads and writes files; failures are one-line {@link UserError}s. */
public final class ImageFiles {
    private static final Logger LOG = LoggerFactory.getLogger(ImageFiles.class);
    private static final int MAX_NAME_LENGTH = 100;

    private ImageFiles() {}

    /**
     * Expands folders to the images in them and in their subfolders, sorted by path; keeps files as they are. Links are
     * followed; what a folder contains besides images is logged.
     *
     * @throws UserError if a path does not exist or is a special file, or if a folder has no images
     */
    public static List<Path> find(List<Path> paths) {
        return named(paths).stream().map(ImageFile::path).toList();
    }

    /** Like {@link #find}, with the names of the images for messages. */
    public static List<ImageFile> named(List<Path> paths) {
        List<ImageFile> found = new ArrayList<>();
        for (Path path : paths) {
            if (Files.isDirectory(path)) {
                for (Path file : imagesIn(path)) {
                    // Relative names in several folders could be the same.
                    Path name = paths.size() == 1 ? path.relativize(file) : file;
                    found.add(new ImageFile(file, name.toString()));
                }
            } else if (Files.isRegularFile(path) && Files.isReadable(path)) {
                found.add(new ImageFile(path, path.toString()));
            } else {
                throw new UserError(problem(path));
            }
        }
        return found;
    }

    /** @throws UserError if the file cannot be read, or is a special file, such as a pipe */
    public static byte[] read(Path file) {
        if (isSpecial(file)) {
            throw new UserError(problem(file));
        }
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new UserError(
                    e instanceof NoSuchFileException
                            ? "there is no file " + file
                            : "cannot read " + file + " (" + FileFault.reason(e, file) + ")",
                    e);
        }
    }

    /** @throws UserError if the file cannot be written */
    public static void write(Path file, byte[] bytes) {
        try {
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UserError("cannot write " + file + " (" + FileFault.reason(e, file) + ")", e);
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
            throw new UserError("cannot create the folder " + folder + " (" + FileFault.reason(e, folder) + ")", e);
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

    private static List<Path> imagesIn(Path path) {
        ImageFolder folder = ImageFolder.read(path);
        folder.skipped().describe().forEach(phrase -> LOG.warn("{}: skipped {}", path, phrase));
        return folder.images();
    }

    private static boolean isSpecial(Path path) {
        return Files.exists(path) && !Files.isRegularFile(path) && !Files.isDirectory(path);
    }

    private static String problem(Path path) {
        if (isSpecial(path)) {
            // Reading could wait forever, and a command reads its files more than once.
            return path + " is a special file, such as a pipe; give regular files";
        } else if (Files.exists(path)) {
            return "cannot read " + path;
        }
        return (Files.isSymbolicLink(path) ? "the link leads nowhere: " : "there is no file ") + path;
    }
}
