package dev.tandem.model.checkpoint;

import dev.tandem.model.checkpoint.CheckpointException.MalformedFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/** The SHA-256 checksums of a checkpoint's files, in the format that {@code sha256sum -c} reads. */
final class Checksums {
    private static final String FILE = "SHA256SUMS";
    private static final String SEPARATOR = "  ";
    private static final int MAX_BYTES = 1 << 16;

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
     * Verifies that a file exists and matches its checksum.
     *
     * @param maxBytes limit of its size, so that the time is bounded
     * @return the file
     * @throws CheckpointException if it does not match, is larger, or is not a regular file
     */
    static Path verify(Path folder, String file, long maxBytes) throws IOException {
        Path path = folder.resolve(file);
        RegularFiles.requireAtMost(path, RegularFiles.size(path, LinkOption.NOFOLLOW_LINKS), maxBytes);
        if (!sha256(path).equals(recorded(folder, file))) {
            throw new MalformedFile(path, "does not match its checksum");
        }
        return path;
    }

    private static String recorded(Path folder, String file) throws IOException {
        Path sums = folder.resolve(FILE);
        List<String> lines = new String(RegularFiles.read(sums, MAX_BYTES), StandardCharsets.ISO_8859_1)
                .lines()
                .filter(line -> line.endsWith(SEPARATOR + file))
                .toList();
        if (lines.size() != 1) {
            throw new MalformedFile(sums, "has " + lines.size() + " checksums of " + file + " instead of 1");
        }
        return lines.get(0).substring(0, lines.get(0).length() - SEPARATOR.length() - file.length());
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
