package dev.tandem.model.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** Changes files of a checkpoint in tests. */
public final class CheckpointFiles {
    private static final String CHECKSUMS = "SHA256SUMS";

    private CheckpointFiles() {}

    /** Inverts the lowest bit of one byte of a file. */
    public static void damage(Path file, int index) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[index] ^= 1;
        Files.write(file, bytes);
    }

    /** Replaces a file of a checkpoint together with its checksum. */
    public static void replace(Path checkpoint, String file, byte[] content) throws IOException {
        Files.write(checkpoint.resolve(file), content);
        updateChecksum(checkpoint, file);
    }

    /** Makes the checksum of a changed file valid again. */
    public static void updateChecksum(Path checkpoint, String file) throws IOException {
        String line = sha256(checkpoint.resolve(file)) + "  " + file;
        Path checksums = checkpoint.resolve(CHECKSUMS);
        Files.writeString(
                checksums,
                Files.readAllLines(checksums).stream()
                        .map(old -> old.endsWith("  " + file) ? line : old)
                        .collect(Collectors.joining("\n", "", "\n")));
    }

    /** Gives a tensor of the weights another name, without changing the checksum. */
    public static void renameTensor(Path checkpoint, String name) throws IOException {
        Path file = checkpoint.resolve("model.safetensors");
        // One byte is one character.
        String content = Files.readString(file, StandardCharsets.ISO_8859_1);
        String renamed = "x" + name.substring(0, name.length() - 1);
        Files.writeString(file, content.replace('"' + name + '"', '"' + renamed + '"'), StandardCharsets.ISO_8859_1);
    }

    private static String sha256(Path file) throws IOException {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
