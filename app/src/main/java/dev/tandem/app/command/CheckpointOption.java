package dev.tandem.app.command;

import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;
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

    /** The latents of pictures of the output side, one each. */
    static Tensor styles(BicycleGan model, ModelImages pictures, List<Path> files) {
        if (!model.hasEncoder()) {
            throw new UserError("this checkpoint has no encoder, so no style can be taken from a picture");
        }
        return model.encode(Tensor.stack(files.stream().map(pictures::output).toList()));
    }

    /** The checkpoint's model on this machine's device. */
    static BicycleGan model(Checkpoint checkpoint) {
        Settings settings = Settings.ofProvenance(checkpoint.settings());
        return BicycleGan.translating(Engines.open(settings.model().device()), settings, checkpoint);
    }
}
