package dev.tandem.model;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Settings for tests: a tiny model on the CPU. */
public final class TestSettings {
    private TestSettings() {}

    /**
     * Settings of a model of preset {@code paper} with 32x32 pixels, width 4 and batch size 2.
     *
     * @param assignments {@code KEY=VALUE} settings that the test changes
     */
    public static Settings tiny(String... assignments) {
        List<String> all = new ArrayList<>(List.of(
                "model.preset=paper",
                "model.image-size=32",
                "model.width=4",
                "model.device=cpu",
                "train.batch-size=2"));
        all.addAll(List.of(assignments));
        return SettingsLoader.load(Optional.empty(), all);
    }
}
