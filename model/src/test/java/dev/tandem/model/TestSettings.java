package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Settings for tests: a tiny model on the CPU. */
public final class TestSettings {
    private TestSettings() {}

    /** @param assignments {@code key=value} that override the settings of the tiny model */
    public static Settings tiny(String... assignments) {
        List<String> all = new ArrayList<>(
                List.of("model.image-size=32", "model.width=4", "model.device=cpu", "train.batch-size=2"));
        all.addAll(List.of(assignments));
        return SettingsLoader.load(Optional.empty(), all);
    }
}
