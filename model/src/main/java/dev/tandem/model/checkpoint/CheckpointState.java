package dev.tandem.model.checkpoint;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.tandem.config.MissingSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.checkpoint.CheckpointException.MalformedFile;
import dev.tandem.model.validation.Score;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
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
 * @param replay number of pairs that those in {@code replay.safetensors} are a sample of; 0 if there is no such file;
 *     absent from older checkpoints
 * @param updates number of Adam updates per network
 * @param offsets next offset of each partition, by {@code topic-partition}
 * @param topics topic ids assigned by the broker, by topic name; absent from older checkpoints
 * @param validation result of the validation of these weights; absent if they were not validated
 * @param settings all settings of the run
 * @param provenance versions and device, for information only
 */
record CheckpointState(
        @JsonProperty(value = "format", required = true) int format,
        @JsonProperty(value = "step", required = true) long step,
        @JsonProperty(value = "pairs", required = true) long pairs,
        @JsonProperty("replay") Long replay,
        @JsonProperty(value = "updates", required = true) Map<String, Long> updates,
        @JsonProperty(value = "offsets", required = true) Map<String, Long> offsets,
        @JsonProperty("topics") Map<String, String> topics,

        @JsonProperty("validation") @JsonInclude(JsonInclude.Include.NON_NULL)
        Score validation,

        @JsonProperty(value = "settings", required = true) Map<String, String> settings,
        @JsonProperty("provenance") Map<String, String> provenance) {

    static final String FILE = "state.json";

    private static final int FORMAT = 1;
    /** Over 100,000 partitions; without many partitions the file has a few KiB. */
    static final int MAX_BYTES = 16 << 20;
    /** The largest number in the name of a checkpoint. */
    private static final long MAX_STEP = 9_999_999_999L;
    /** The largest whole number that every JSON reader keeps. */
    private static final long MAX_COUNT = 1L << 53;

    private static final ObjectReader READER =
            StrictJson.MAPPER.reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final ObjectWriter WRITER = StrictJson.MAPPER.writerWithDefaultPrettyPrinter();

    CheckpointState {
        replay = Optional.ofNullable(replay).orElse(0L);
        topics = Optional.ofNullable(topics).orElse(Map.of());
        settings = Optional.ofNullable(settings).map(MissingSettings::completed).orElse(null);
    }

    /** The version alone, because another version may have other keys. */
    private record Format(
            @JsonProperty(value = "format", required = true) int format) {}

    static CheckpointState of(Checkpoint.Content content) {
        return new CheckpointState(
                FORMAT,
                content.step(),
                content.pairs(),
                content.replay().offered(),
                content.updates(),
                text(content.offsets()),
                content.offsets().topics(),
                content.score().orElse(null),
                content.settings(),
                content.provenance());
    }

    private static Map<String, Long> text(Offsets offsets) {
        Map<String, Long> text = new TreeMap<>();
        offsets.next().forEach((partition, next) -> text.put(partition.toString(), next));
        return text;
    }

    /** Result of the validation of these weights; empty if they were not validated. */
    Optional<Score> score() {
        return Optional.ofNullable(validation);
    }

    Offsets parsedOffsets() {
        Map<Offsets.Partition, Long> parsed = new TreeMap<>();
        offsets.forEach((text, next) -> parsed.put(Offsets.Partition.parse(text), next));
        return new Offsets(parsed, topics);
    }

    /**
     * The settings of the run, with the values of their version for those that did not exist yet.
     *
     * @throws SettingsException if a value is not possible
     */
    Settings parsedSettings() {
        return Settings.ofProvenance(settings);
    }

    String toJson() {
        try {
            return WRITER.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads the file of a checkpoint and checks every value.
     *
     * @throws CheckpointException if the file has another format version, or a value that no run writes
     */
    static CheckpointState read(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        try {
            byte[] json = RegularFiles.read(file, MAX_BYTES);
            requireFormat(folder, parse(json, Format.class).format);
            CheckpointState state = parse(json, CheckpointState.class);
            state.requireValid();
            return state;
        } catch (JsonProcessingException e) {
            throw new MalformedFile(file, StrictJson.problem(e));
        } catch (IllegalArgumentException | SettingsException e) {
            throw new MalformedFile(file, "has an impossible value: " + e.getMessage());
        }
    }

    private static <T> T parse(byte[] json, Class<T> type) throws IOException {
        T value = READER.forType(type).readValue(json);
        require(value != null, "null");
        return value;
    }

    private static void requireFormat(Path folder, int format) {
        if (format != FORMAT) {
            throw new CheckpointException("checkpoint " + folder + " has format " + format
                    + ", but this version reads format " + FORMAT + "; use the version that wrote it");
        }
    }

    /** @throws IllegalArgumentException if a value is not possible */
    private void requireValid() {
        requireCount("step", step, MAX_STEP);
        requireCount("pairs", pairs, MAX_COUNT);
        requireCount("replay", replay, MAX_COUNT);
        score().ifPresent(CheckpointState::requireValid);
        requireValues("updates", updates);
        requireValues("offsets", offsets);
        requireValues("settings", settings);
        requireValues("topics", topics);
        updates.forEach((network, count) -> requireCount("updates of " + network, count, Integer.MAX_VALUE));
        offsets.forEach((partition, next) -> requireCount("offset of " + partition, next, MAX_COUNT));
        parsedOffsets();
        parsedSettings();
    }

    private static void requireValid(Score score) {
        requireCount("validated step", score.step(), MAX_STEP);
        require(score.nearestL1() >= 0 && score.nearestL1() <= 1, "nearestL1 is " + score.nearestL1());
        require(score.diversity() >= 0 && score.diversity() <= 2, "diversity is " + score.diversity());
        require(score.heldOutPairs() != null, "the name of the held-out pairs is null");
    }

    private static void requireCount(String name, long value, long max) {
        require(value >= 0 && value <= max, name + " is " + value);
    }

    private static void requireValues(String name, Map<String, ?> map) {
        require(map != null && map.values().stream().noneMatch(Objects::isNull), name + " is or contains null");
    }

    private static void require(boolean valid, String problem) {
        if (!valid) {
            throw new IllegalArgumentException(problem);
        }
    }
}
