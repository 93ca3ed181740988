package dev.tandem.app.command;

import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;

/**
 * A checkpoint, its model for translating, and a reader of images in the size of the model.
 *
 * @param settings of the checkpoint
 */
record CheckpointModel(Checkpoint checkpoint, Settings settings, ModelImages images, BicycleGan model)
        implements AutoCloseable {

    /** Loads the model to the device that the checkpoint's settings select. */
    static CheckpointModel open(Checkpoint checkpoint) {
        Settings settings = Settings.ofProvenance(checkpoint.settings());
        BicycleGan model = BicycleGan.translating(Engines.open(settings.model().device()), settings, checkpoint);
        return new CheckpointModel(checkpoint, settings, new ModelImages(settings), model);
    }

    /** The length L of a latent. */
    int latentLength() {
        return model.latentShape(1).channels();
    }

    /**
     * The latents of images of the output side, (N, L).
     *
     * @throws UserError if the checkpoint has no encoder
     */
    Tensor encode(List<Path> files) {
        if (!model.hasEncoder()) {
            throw new UserError("this checkpoint has no encoder, so --style cannot be used; use --seed instead");
        }
        return model.encode(Tensor.stack(files.stream().map(images::output).toList()));
    }

    @Override
    public void close() {
        model.close();
    }
}
