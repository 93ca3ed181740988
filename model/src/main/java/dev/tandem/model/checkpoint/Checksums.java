package dev.tandem.model.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;

/** The SHA-256 checksums of a checkpoint's files, in the format that {@code sha256sum -c} reads. */
final class Checksums {
    private static final String FILE = "SHA256SUMS";
    private static final String SEPARATOR = "  ";

    private Checksums() {}

    static void write(Path folder, List<String> files) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (String file : files) {
            lines.append(sha256(folder.resolve(file)))
                    .append(SEPARATOR)
                    .append(file)
                    .append('\n');
        }
        DurableFiles.write(folder.resolve(FILE), lines.toString());
    }

    /**
     * Verifies that files exist and match their checksums.
     *
     * @throws CheckpointException if a file does not match; the message names the first one
     */
    static void verify(Path folder, List<String> files) throws IOException {
        Set<String> sums = new HashSet<>(Files.readAllLines(folder.resolve(FILE), StandardCharsets.ISO_8859_1));
        for (String file : files) {
            if (!sums.contains(sha256(folder.resolve(file)) + SEPARATOR + file)) {
                throw new CheckpointException("checkpoint " + folder + " is damaged: " + file
                        + " does not match its checksum; use another checkpoint");
            }
        }
    }

    private static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(OutputStream.nullOutputStream());
            return HexFormat.of().formatHex(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
