package dev.tandem.datasets.files;

import dev.tandem.config.UserError;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;

/**
 * Names of files as text. Java decodes file names and arguments with the encoding of the locale; in a locale without UTF-8,
 * different names can become the same text.
 */
public final class FileNames {
    private static final Charset ENCODING = Charset.forName(System.getProperty("sun.jnu.encoding"));
    private static final String ADVICE = "set LC_ALL=C.UTF-8, or start Tandem with its launcher";

    private FileNames() {}

    /** @throws UserError if the locale cannot represent the arguments of a program */
    public static void requireReadable(String... arguments) {
        for (String argument : arguments) {
            if (!ENCODING.newEncoder().canEncode(argument)) {
                throw new UserError(
                        "the locale (" + ENCODING + ") cannot represent the argument " + argument + "; " + ADVICE);
            }
        }
    }

    /** The name in Unicode's composed form (NFC), in which names that look the same are the same. */
    public static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    /** The forms in which file systems store a name: as it is, composed (NFC) and decomposed (NFD). */
    public static List<String> forms(String name) {
        return List.of(name, composed(name), Normalizer.normalize(name, Normalizer.Form.NFD));
    }

    /** Whether the text of a path denotes the same file as the path. */
    static boolean isReadable(Path path) {
        try {
            return path.getFileSystem().getPath(path.toString()).equals(path);
        } catch (InvalidPathException e) {
            return false;
        }
    }

    /** The error for names that are not readable. */
    static UserError unreadable(Path folder, List<Path> names) {
        boolean one = names.size() == 1;
        String found =
                "the folder " + folder + " has " + names.size() + (one ? " file name" : " file names") + " that ";
        String example = ", for example " + names.get(0) + "; ";
        return new UserError(
                ENCODING.equals(StandardCharsets.UTF_8)
                        ? found + (one ? "is" : "are") + " not valid UTF-8" + example
                                + (one ? "rename the file" : "rename the files")
                        : found + "the locale (" + ENCODING + ") cannot represent" + example + ADVICE);
    }
}
