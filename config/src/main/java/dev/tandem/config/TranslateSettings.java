package dev.tandem.config;

import com.typesafe.config.Config;
import java.time.Duration;

/**
 * Settings of the translation of requests.
 *
 * @param engine library that translates where the weights do not train
 * @param samples translations of a request that names no number
 * @param maxSamples maximum number of translations per request
 * @param batchSize maximum number of translations in a micro-batch
 * @param followEvery interval at which a process that does not train looks for a newer checkpoint
 * @param missingOffsets where translation starts in a partition without a committed offset
 */
public record TranslateSettings(
        Engine engine,
        int samples,
        int maxSamples,
        int batchSize,
        Duration followEvery,
        MissingOffsets missingOffsets) {

    /** Setting that depends on the machine. */
    static final String ENGINE_KEY = "translate.engine";

    /**
     * Library that translates where the weights do not train. {@code MODEL} is the engine of the model; {@code AUTO} is ONNX
     * Runtime if it can use the device of the model, and otherwise the engine of the model.
     */
    public enum Engine {
        AUTO,
        MODEL,
        ONNXRUNTIME
    }

    /** Where translation starts in a partition without a committed offset. */
    public enum MissingOffsets {
        TRANSLATIONS,
        END,
        BEGINNING
    }

    public TranslateSettings {
        RangeCheck.range("translate.max-samples", maxSamples, 1, 1000);
        RangeCheck.range("translate.samples", samples, 1, maxSamples);
        RangeCheck.range("translate.batch-size", batchSize, 1, 256);
        RangeCheck.range("translate.follow-every", followEvery, Duration.ofMillis(100), Duration.ofHours(1));
    }

    static TranslateSettings from(Config tandem) {
        SettingsSection translate = SettingsSection.of(tandem, "translate");
        return new TranslateSettings(
                translate.choice("engine", Engine.class),
                translate.integer("samples"),
                translate.integer("max-samples"),
                translate.integer("batch-size"),
                translate.duration("follow-every"),
                translate.choice("missing-offsets", MissingOffsets.class));
    }
}
