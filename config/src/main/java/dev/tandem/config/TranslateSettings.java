package dev.tandem.config;

import com.typesafe.config.Config;

/** How many translations a source gets and how requests are gathered. */
public record TranslateSettings(int samples, int maxSamples, int batchSize) {
    public TranslateSettings {
        Check.range("translate.max-samples", maxSamples, 1, 1000);
        Check.range("translate.samples", samples, 1, maxSamples);
        Check.range("translate.batch-size", batchSize, 1, 256);
    }

    static TranslateSettings from(Config tandem) {
        Section translate = Section.of(tandem, "translate");
        return new TranslateSettings(
                translate.integer("samples"), translate.integer("max-samples"), translate.integer("batch-size"));
    }
}
