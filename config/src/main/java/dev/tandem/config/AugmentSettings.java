package dev.tandem.config;

import com.typesafe.config.Config;

/**
 * Settings of the random augmentation of training pairs.
 *
 * @param loadRatio ratio of the size before the random crop to the model's image size; 1: no crop
 * @param flip whether half of the pairs, chosen at random, are mirrored left to right
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
