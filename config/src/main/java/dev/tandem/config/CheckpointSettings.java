package dev.tandem.config;

import com.typesafe.config.Config;
import java.nio.file.Path;

/**
 * Settings of the checkpoints.
 *
 * @param directory folder of all checkpoints
 * @param everySteps training steps between two checkpoints
 * @param keep number of newest checkpoints to keep
 */
public record CheckpointSettings(Path directory, int everySteps, int keep) {
    public CheckpointSettings {
        RangeCheck.range("checkpoint.every-steps", everySteps, 1, 1_000_000);
        RangeCheck.range("checkpoint.keep", keep, 1, 1000);
    }

    static CheckpointSettings from(Config tandem) {
        SettingsSection checkpoint = SettingsSection.of(tandem, "checkpoint");
        String directory = checkpoint.text("directory");
        RangeCheck.notBlank("checkpoint.directory", directory);
        return new CheckpointSettings(
                Path.of(directory), checkpoint.integer("every-steps"), checkpoint.integer("keep"));
    }
}
