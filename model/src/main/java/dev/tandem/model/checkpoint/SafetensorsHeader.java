package dev.tandem.model.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.tandem.model.checkpoint.CheckpointException.MalformedFile;
import dev.tandem.model.tensor.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The header of a safetensors file: type, shape and position of each tensor.
 *
 * <p>As the format demands, the tensors fill the data section without gaps or overlaps, and each has the bytes that its
 * type and shape need.
 *
 * @param tensors the tensors by name
 */
record SafetensorsHeader(Map<String, Entry> tensors) {
    private static final String METADATA = "__metadata__";
    private static final int MAX_RANK = 8;

    /**
     * One tensor.
     *
     * @param from position of its first byte in the data section
     * @param to position after its last byte
     */
    record Entry(ElementType type, Shape shape, long from, long to) {}

    /** A tensor as the header describes it. */
    private record Description(
            @JsonProperty("dtype") String type,
            @JsonProperty("shape") int[] shape,
            @JsonProperty("data_offsets") long[] offsets) {}

    /**
     * Parses the JSON of a header.
     *
     * @param dataBytes size of the data section
     * @throws CheckpointException if the header breaks a rule of the format
     */
    static SafetensorsHeader parse(Path file, byte[] json, long dataBytes) throws IOException {
        Map<String, Entry> tensors = new TreeMap<>();
        try (JsonParser parser = StrictJson.MAPPER.createParser(json)) {
            require(file, parser.nextToken() == JsonToken.START_OBJECT, "has a header that is not a JSON object");
            for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
                parser.nextToken();
                if (name.equals(METADATA)) {
                    parser.skipChildren();
                } else {
                    tensors.put(name, entry(file, name, parser.readValueAs(Description.class)));
                }
            }
            require(file, parser.nextToken() == null, "has a header with text after its end");
        } catch (JsonProcessingException e) {
            throw new MalformedFile(file, "has a header that " + StrictJson.problem(e));
        }
        requireContiguous(file, tensors, dataBytes);
        return new SafetensorsHeader(tensors);
    }

    private static Entry entry(Path file, String name, Description described) {
        boolean complete = described != null
                && described.type != null
                && described.shape != null
                && described.shape.length <= MAX_RANK
                && described.offsets != null
                && described.offsets.length == 2;
        require(file, complete, "has no valid type, shape and data_offsets of tensor " + name);
        ElementType type = ElementType.named(described.type)
                .orElseThrow(
                        () -> new MalformedFile(file, "has tensor " + name + " of the unknown type " + described.type));
        Entry entry = new Entry(type, shape(file, name, described.shape), described.offsets[0], described.offsets[1]);
        require(
                file,
                entry.to - entry.from == (long) entry.shape.size() * type.bytes(),
                "has tensor " + name + " with data_offsets that do not match its type and shape");
        return entry;
    }

    private static Shape shape(Path file, String name, int[] dimensions) {
        try {
            Shape shape = Shape.of(dimensions);
            shape.size();
            return shape;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedFile(file, "has tensor " + name + " with a negative or too large shape");
        }
    }

    private static void requireContiguous(Path file, Map<String, Entry> tensors, long dataBytes) {
        List<Map.Entry<String, Entry>> ordered = new ArrayList<>(tensors.entrySet());
        ordered.sort(Comparator.comparingLong((Map.Entry<String, Entry> named) -> named.getValue().from)
                .thenComparingLong(named -> named.getValue().to));
        long end = 0;
        for (Map.Entry<String, Entry> named : ordered) {
            require(
                    file,
                    named.getValue().from == end,
                    "has tensor " + named.getKey() + " that overlaps another tensor or leaves a gap before it");
            end = named.getValue().to;
        }
        require(file, end == dataBytes, "has " + dataBytes + " bytes of tensors, but its header describes " + end);
    }

    private static void require(Path file, boolean valid, String problem) {
        if (!valid) {
            throw new MalformedFile(file, problem);
        }
    }
}
