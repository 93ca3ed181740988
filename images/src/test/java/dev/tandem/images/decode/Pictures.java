package dev.tandem.images.decode;

import dev.tandem.images.decode.InvalidInput.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The pictures that {@code images/src/test/python/pictures.py} writes, and what Pillow decodes them to.
 *
 * @param version of Pillow and of its libraries
 */
record Pictures(String version, List<Picture> list) {

    /**
     * A picture.
     *
     * @param name folder of its format, and a name
     * @param depth setting images.depth
     * @param result empty if it must be rejected
     * @param reason empty if it must be decoded
     */
    record Picture(String name, OptionalInt depth, byte[] file, Optional<Result> result, Optional<Reason> reason) {}

    /**
     * A decoded picture.
     *
     * @param rgba of each pixel, row by row
     * @param rgb of each pixel on white
     */
    record Result(int width, int height, byte[] rgba, byte[] rgb) {}

    static Pictures read(InputStream archive) {
        Map<String, byte[]> entries = entries(archive);
        String[] lines = new String(entries.get("index.tsv"), StandardCharsets.UTF_8).split("\n");
        ByteBuffer files = ByteBuffer.wrap(entries.get("pictures"));
        ByteBuffer results = ByteBuffer.wrap(entries.get("results"));
        List<Picture> pictures = new ArrayList<>();
        for (int i = 1; i < lines.length; i++) {
            pictures.add(picture(lines[i].split("\t"), files, results));
        }
        return new Pictures(lines[0], List.copyOf(pictures));
    }

    /** The content of each file of a ZIP. */
    static Map<String, byte[]> entries(InputStream archive) {
        Map<String, byte[]> entries = new HashMap<>();
        try (ZipInputStream zip = new ZipInputStream(archive)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return entries;
    }

    private static Picture picture(String[] fields, ByteBuffer files, ByteBuffer results) {
        OptionalInt depth =
                fields[1].equals("auto") ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(fields[1]));
        byte[] file = bytes(files, Integer.parseInt(fields[2]));
        return Character.isDigit(fields[3].charAt(0))
                ? new Picture(fields[0], depth, file, Optional.of(result(fields[3], results)), Optional.empty())
                : new Picture(fields[0], depth, file, Optional.empty(), Optional.of(Reason.valueOf(fields[3])));
    }

    private static Result result(String outcome, ByteBuffer results) {
        boolean transparent = outcome.endsWith("+");
        String[] size = outcome.replace("+", "").split("x");
        int width = Integer.parseInt(size[0]);
        int height = Integer.parseInt(size[1]);
        byte[] rgba = bytes(results, 4 * width * height);
        return new Result(width, height, rgba, transparent ? bytes(results, 3 * width * height) : withoutAlpha(rgba));
    }

    private static byte[] withoutAlpha(byte[] rgba) {
        byte[] rgb = new byte[rgba.length / 4 * 3];
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = rgba[i / 3 * 4 + i % 3];
        }
        return rgb;
    }

    private static byte[] bytes(ByteBuffer buffer, int length) {
        byte[] bytes = new byte[length];
        buffer.get(bytes);
        return bytes;
    }
}
