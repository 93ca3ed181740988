package dev.tandem.app.command;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.engine.nd4j.Nd4jBackend;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option by which a command takes a checkpoint. */
final class CheckpointOption {
    @Option(
            names = "--checkpoint",
            required = true,
            paramLabel = "DIR",
            description = "A checkpoint, or a folder of checkpoints, of which the newest is taken.")
    private Path folder;

    Checkpoint open() {
        return CheckpointStore.openNewest(folder);
    }

    /** The checkpoint's model on this machine's device. */
    static BicycleGan model(Checkpoint checkpoint) {
        Settings settings = Settings.ofProvenance(checkpoint.settings());
        return BicycleGan.resumed(Nd4jBackend.open(settings.model().device()), settings, checkpoint);
    }
}
