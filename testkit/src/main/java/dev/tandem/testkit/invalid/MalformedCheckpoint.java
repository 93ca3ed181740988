package dev.tandem.testkit.invalid;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Makes checkpoints whose checksums are right, but whose content no run writes. */
public final class MalformedCheckpoint {
    private static final String CHECKSUMS = "SHA256SUMS";

    private MalformedCheckpoint() {}

    /** Replaces a file of a checkpoint together with its checksum. */
    public static void replace(Path checkpoint, String file, byte[] content) throws IOException {
        Files.write(checkpoint.resolve(file), content);
        String line = sha256(content) + "  " + file;
        Path checksums = checkpoint.resolve(CHECKSUMS);
        Files.writeString(
                checksums,
                Files.readAllLines(checksums).stream()
                        .map(old -> old.endsWith("  " + file) ? line : old)
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    private static String sha256(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
