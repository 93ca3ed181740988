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
        HealthSettings health,
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
        RangeCheck.require(
                model.preset() == ModelSettings.Preset.PAPER || train.dropout() == 0,
                "train.dropout",
                train.dropout(),
                "0 with model.preset seed");
        RangeCheck.require(
                train.loss().gan() + train.loss().l1() > 0
                        || model.encodes()
                                && train.loss().kl()
                                                + train.loss().ganLr()
                                                + train.loss().latent()
                                        > 0,
                "train.loss",
                "without any weight that counts",
                "one with something to learn from (without an encoder only lambda-l1 and lambda-gan count)");
    }

    /** Refuses topics whose records cannot hold a translation; a matter of runs, not of checkpoints. */
    Settings withRoomForTranslations() {
        long largest = (long) (PNG_OVERHEAD
                * model.outputChannels()
                * model.imageSize().height()
                * model.imageSize().width());
        RangeCheck.require(
                topics.maxMessageBytes() >= largest,
                "topics.max-message-bytes",
                topics.maxMessageBytes(),
                "at least " + largest + ", for a translation at model.image-size " + model.imageSize());
        return this;
    }

    /** Reads the block {@code tandem} of a resolved config. */
    static Settings from(Config tandem) {
        return new Settings(
                KafkaSettings.from(tandem),
                TopicSettings.from(tandem),
                ModelSettings.from(tandem),
                TrainSettings.from(tandem),
                HealthSettings.from(tandem),
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
        return from(SettingsLoader.completed(kept));
    }

    private static Map<String, String> provenance(Config tandem) {
        Map<String, String> kept = new TreeMap<>();
        Stream.of("model", "train", "augment")
                .forEach(block -> KnownKeys.flat(tandem.getConfig(block))
                        .forEach((key, value) -> kept.put(block + "." + key, value)));
        return kept;
    }
}
