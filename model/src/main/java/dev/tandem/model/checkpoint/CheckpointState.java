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
 * What a checkpoint says besides tensors: the file {@code state.json}.
 *
 * <p>All random numbers are functions of the seed (among the settings), the step and the records' offsets, so these are
 * the whole state of the random number generators.
 *
 * @param format version of this form
 * @param step optimizer steps taken
 * @param pairs pairs trained on
 * @param replay how many pairs those in {@code replay.safetensors} are a sample of; 0: none are kept
 * @param updates Adam's counter per network
 * @param offsets next record of each partition, {@code topic-partition} to offset
 * @param topics the broker's id of each topic among them; absent from older checkpoints
 * @param settings what the model was made with and learnt by
 * @param provenance versions and device, for people
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

    static final int FORMAT = 1;
    static final String FILE = "state.json";

    private static final ObjectMapper JSON = new ObjectMapper()
            .enable(SerializationFeature.INDENT_OUTPUT, SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

    static Map<String, Long> text(Offsets offsets) {
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

    static CheckpointState read(Path folder) throws IOException {
        CheckpointState state = JSON.readValue(Files.readAllBytes(folder.resolve(FILE)), CheckpointState.class);
        if (state.format != FORMAT) {
            throw new CheckpointException("checkpoint " + folder + " has format " + state.format
                    + ", but this version reads format " + FORMAT);
        }
        return state;
    }
}
