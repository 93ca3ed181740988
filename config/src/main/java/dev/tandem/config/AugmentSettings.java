package dev.tandem.config;

import com.typesafe.config.Config;

/**
 * How training pairs are varied.
 *
 * @param loadRatio side before the random crop, as a ratio of the model's side; 1: no crop
 */
public record AugmentSettings(double loadRatio, boolean flip) {
    public AugmentSettings {
        RangeCheck.range("augment.load-ratio", loadRatio, 1, 2);
    }

    static AugmentSettings from(Config tandem) {
        SettingsSection augment = SettingsSection.of(tandem, "augment");
        return new AugmentSettings(augment.number("load-ratio"), augment.flag("flip"));
    }
}
