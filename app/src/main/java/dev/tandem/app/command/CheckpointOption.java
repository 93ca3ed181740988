package dev.tandem.app.command;

import dev.tandem.datasets.translate.CheckpointModel;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The checkpoint of a command: option {@code --checkpoint}. */
final class CheckpointOption {
    static final String MEANING = "A checkpoint, or a checkpoint folder, of which the newest checkpoint is used.";

    @Option(names = "--checkpoint", required = true, paramLabel = "DIR", description = MEANING)
    private Path folder;

    /** Opens the checkpoint without its model. */
    Checkpoint open() {
        return CheckpointStore.openNewest(folder);
    }

    /** Opens the checkpoint and its model, with images and device as the options say. */
    CheckpointModel openModel(SettingsOptions options) {
        return CheckpointModel.open(open(), options.configForCheckpoint());
    }
}
