package dev.tandem.model.checkpoint;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The file {@code state.json} of a checkpoint: everything besides tensors.
 *
 * <p>It holds the complete state of the random numbers: they are functions of the seed (one of the settings), the step
 * and the records' offsets.
 *
 * @param format version of the file format
 * @param step training steps taken
 * @param pairs pairs seen, including skipped ones
 * @param replay number of pairs that those in {@code replay.safetensors} are a sample of; 0 if there is no such file
 * @param updates number of Adam updates per network
 * @param offsets next offset of each partition, by {@code topic-partition}
 * @param topics topic ids assigned by the broker, by topic name; absent from older checkpoints
 * @param settings all settings of the run
 * @param provenance versions and device, for information only
 */
record CheckpointState(
        @JsonProperty("format") int format,
        @JsonProperty("step") long step,
        @JsonProperty("pairs") long pairs,
        @JsonProperty("replay") long replay,
        @JsonProperty("updates") Map<String, Long> updates,
        @JsonProperty("offsets") Map<String, Long> offsets,
        @JsonProperty("topics") Map<String, String> topics,
        @JsonProperty("settings") Map<String, String> settings,
        @JsonProperty("provenance") Map<String, String> provenance) {

    static final String FILE = "state.json";

    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    static CheckpointState of(Checkpoint.Content content) {
        return new CheckpointState(
                FORMAT,
                content.step(),
                content.pairs(),
                content.replay().offered(),
                content.updates(),
                text(content.offsets()),
                content.offsets().topics(),
                content.settings(),
                content.provenance());
    }

    private static Map<String, Long> text(Offsets offsets) {
        Map<String, Long> text = new TreeMap<>();
        offsets.next().forEach((partition, next) -> text.put(partition.toString(), next));
        return text;
    }

    Offsets parsedOffsets() {
        Map<Offsets.Partition, Long> parsed = new TreeMap<>();
        offsets.forEach((text, next) -> parsed.put(Offsets.Partition.parse(text), next));
        return new Offsets(parsed, Optional.ofNullable(topics).orElse(Map.of()));
    }

    String toJson() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws CheckpointException if the file has another format version */
    static CheckpointState read(Path folder) throws IOException {
        CheckpointState state = JSON.readValue(Files.readAllBytes(folder.resolve(FILE)), CheckpointState.class);
        if (state.format != FORMAT) {
            throw new CheckpointException("checkpoint " + folder + " has format " + state.format
                    + ", but this version reads format " + FORMAT + "; use the version that wrote it");
        }
        return state;
    }
}
