package dev.tandem.serving.http;

import dev.tandem.config.FileFault;
import dev.tandem.config.SettingsException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** A file with one secret, which other users must not be able to read or to replace. */
final class SecretFile {
    private static final int MAX_BYTES = 4096;
    private static final Set<PosixFilePermission> OF_OTHERS =
            EnumSet.of(PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_WRITE);

    private SecretFile() {}

    /**
     * Reads the secret, without white space around it.
     *
     * @param key the setting that names the file
     * @throws SettingsException if the file cannot be read, is empty or too large, or other users have access to it
     */
    static String read(String key, Path file) {
        try {
            if (!Files.isRegularFile(file)) {
                throw new SettingsException(key + ": there is no file " + file);
            }
            requirePrivate(key, file);
            if (Files.size(file) > MAX_BYTES) {
                throw new SettingsException(key + ": " + file + " has more than " + MAX_BYTES + " bytes");
            }
            String secret = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (secret.isEmpty()) {
                throw new SettingsException(key + ": " + file + " is empty");
            }
            return secret;
        } catch (IOException e) {
            throw new SettingsException(key + ": cannot read " + file + " (" + FileFault.reason(e, file) + ")");
        }
    }

    private static void requirePrivate(String key, Path file) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(file, PosixFileAttributeView.class);
        if (view != null && view.readAttributes().permissions().stream().anyMatch(OF_OTHERS::contains)) {
            throw new SettingsException(
                    key + ": other users can read or change " + file + "; take their rights away with chmod o-rwx");
        }
    }
}
