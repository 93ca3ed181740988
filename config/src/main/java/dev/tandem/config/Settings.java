package dev.tandem.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All settings of one run, validated.
 *
 * @param provenance what defines a model and its training as text by dotted key: the sections model, train and augment, and
 *     the settings that change what the model sees of an image; saved in every checkpoint
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

    private static final String DECAY = "train.ema-decay";
    private static final String IMAGES = "images";
    private static final Set<String> IMAGES_IN_PROVENANCE = Set.of("fit", "resize-a", "resize-b", "depth");

    /** The settings that a command takes from its own configuration, because they depend on the machine. */
    private static final String HELD_OUT_SHARE = "train.validation.share";

    private static final Set<String> MACHINE_KEYS = Stream.concat(
                    ComputeSettings.KEYS.stream(), Stream.of(TranslateSettings.ENGINE_KEY))
            .collect(Collectors.toUnmodifiableSet());

    /** Size of a PNG relative to its pixels in the worst case, an image of noise. */
    private static final double PNG_OVERHEAD = 1.02;

    public Settings {
        provenance = Map.copyOf(provenance);
        RangeCheck.require(
                model.preset() != ModelSettings.Preset.SEED || train.dropout() == 0,
                "train.dropout",
                train.dropout(),
                "0 with model.preset seed");
        requireLoss(train.loss(), model.encodes());
    }

    private static void requireLoss(TrainSettings.LossWeights loss, boolean hasEncoder) {
        boolean hasLoss = loss.gan() + loss.l1() > 0 || hasEncoder && loss.kl() + loss.ganLr() + loss.latent() > 0;
        if (!hasLoss) {
            throw new SettingsException("train.loss has no weight above 0 that applies; set train.loss.lambda-l1 or"
                    + " train.loss.lambda-gan above 0 (the other weights apply only with an encoder)");
        }
    }

    /**
     * Checks that a record of the topics can hold a translation. Only a run needs this check: a checkpoint has no topics.
     *
     * @throws SettingsException if {@code topics.max-message-bytes} is too small
     */
    Settings requireRoomForTranslations() {
        long largest = (long) (PNG_OVERHEAD
                * model.outputChannels()
                * model.imageSize().height()
                * model.imageSize().width());
        RangeCheck.require(
                topics.maxMessageBytes() >= largest,
                "topics.max-message-bytes",
                topics.maxMessageBytes(),
                "at least " + largest + " bytes, the size of a translation at model.image-size " + model.imageSize());
        return this;
    }

    /** Reads the section {@code tandem} of a resolved config. */
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
     * Restores the settings of a model from the provenance in its checkpoint. Keys that did not exist when the checkpoint
     * was written get their defaults. So do the settings of {@link ComputeSettings}, because they depend on the machine.
     *
     * @throws SettingsException if a value is not possible
     */
    public static Settings ofProvenance(Map<String, String> provenance) {
        try {
            Config saved = ConfigFactory.parseMap(provenance, "checkpoint");
            for (String key : ComputeSettings.KEYS) {
                saved = saved.withoutPath(key);
            }
            return from(SettingsLoader.withDefaults(saved));
        } catch (ConfigException e) {
            throw new SettingsException("the saved settings are malformed: " + e.getMessage());
        }
    }

    /**
     * Restores the settings of a model for a command that reads images. The section {@code images}, the engines and the
     * device are those of the command, because its images can differ from those of the training.
     *
     * @param given the resolved configuration of the command
     */
    public static Settings ofProvenance(Map<String, String> provenance, Config given) {
        Config tandem = given.getConfig("tandem");
        Config saved = ConfigFactory.parseMap(provenance, "checkpoint").withValue(IMAGES, tandem.getValue(IMAGES));
        for (String key : MACHINE_KEYS) {
            saved = saved.withValue(key, tandem.getValue(key));
        }
        return from(SettingsLoader.withDefaults(saved));
    }

    /** Whether a command applies its own value of a setting to a checkpoint, and not the value of the checkpoint. */
    public static boolean appliesToCheckpoints(String key) {
        return MACHINE_KEYS.contains(key) || key.startsWith(IMAGES + ".");
    }

    private static Map<String, String> provenance(Config tandem) {
        Map<String, String> provenance = new TreeMap<>();
        Stream.of("model", "train", "augment")
                .forEach(section -> KnownKeys.flatten(tandem.getConfig(section))
                        .forEach((key, value) -> provenance.put(section + "." + key, value)));
        // As a number: with another batch size it is another one.
        provenance.computeIfPresent(
                DECAY,
                (key, text) -> text.equals("auto")
                        ? Double.toString(TrainSettings.from(tandem).emaDecay())
                        : text);
        // The others change nothing in the model, and name a folder of this machine.
        provenance.keySet().removeIf(key -> key.startsWith("train.validation.") && !key.equals(HELD_OUT_SHARE));
        Map<String, String> images = KnownKeys.flatten(tandem.getConfig(IMAGES));
        IMAGES_IN_PROVENANCE.forEach(key -> provenance.put(IMAGES + "." + key, images.get(key)));
        return provenance;
    }
}
