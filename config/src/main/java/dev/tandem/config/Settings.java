package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * All settings of one run, validated.
 *
 * @param provenance the blocks that decide what a model is and how it learnt (model, train, augment), flat, as text;
 *     kept in every checkpoint
 */
public record Settings(
        KafkaSettings kafka,
        TopicSettings topics,
        ModelSettings model,
        TrainSettings train,
        AugmentSettings augment,
        ImageSettings images,
        TranslateSettings translate,
        CheckpointSettings checkpoint,
        RunSettings run,
        HttpSettings http,
        Map<String, String> provenance) {

    private static final String DEVICE = "model.device";

    /** A PNG of noise is a little larger than its pixels. */
    private static final double PNG_OVERHEAD = 1.02;

    public Settings {
        provenance = Map.copyOf(provenance);
        long largest = (long) (PNG_OVERHEAD
                * 3
                * model.imageSize().height()
                * model.imageSize().width());
        Check.require(
                topics.maxMessageBytes() >= largest,
                "topics.max-message-bytes",
                topics.maxMessageBytes(),
                "at least " + largest + ", for a translation at model.image-size " + model.imageSize());
    }

    /** Reads the block {@code tandem} of a resolved config. */
    static Settings from(Config tandem) {
        return new Settings(
                KafkaSettings.from(tandem),
                TopicSettings.from(tandem),
                ModelSettings.from(tandem),
                TrainSettings.from(tandem),
                AugmentSettings.from(tandem),
                ImageSettings.from(tandem),
                TranslateSettings.from(tandem),
                CheckpointSettings.from(tandem),
                RunSettings.from(tandem),
                HttpSettings.from(tandem),
                provenance(tandem));
    }

    /**
     * The settings a model was made with, from what its checkpoint kept; keys that are younger than the checkpoint
     * take their defaults, and so does the device, which is a matter of the machine.
     */
    public static Settings ofProvenance(Map<String, String> provenance) {
        Config kept = ConfigFactory.parseMap(provenance, "checkpoint").withoutPath(DEVICE);
        return from(kept.withFallback(SettingsLoader.reference()));
    }

    private static Map<String, String> provenance(Config tandem) {
        Map<String, String> kept = new TreeMap<>();
        Stream.of("model", "train", "augment")
                .forEach(block ->
                        Keys.flat(tandem.getConfig(block)).forEach((key, value) -> kept.put(block + "." + key, value)));
        return kept;
    }
}
