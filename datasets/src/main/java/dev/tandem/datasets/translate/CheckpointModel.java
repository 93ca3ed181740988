package dev.tandem.datasets.translate;

import com.typesafe.config.Config;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ModelImages;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.ModelVersion;
import dev.tandem.model.Models;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.LatentText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A checkpoint, its model for translating, and a reader of images in the size of the model.
 *
 * @param settings of the checkpoint, with the images, the engine and the device of the command
 */
public record CheckpointModel(Checkpoint checkpoint, Settings settings, ModelImages images, BicycleGan model)
        implements AutoCloseable {

    /** @param given the resolved configuration of the command: how it reads images, its engine and its device */
    public static CheckpointModel open(Checkpoint checkpoint, Config given) {
        Settings settings = Settings.ofProvenance(checkpoint.settings(), given);
        BicycleGan model = Models.translating(settings, Optional.of(checkpoint));
        return new CheckpointModel(checkpoint, settings, new ModelImages(settings), model);
    }

    /** The length L of a latent. */
    public int latentLength() {
        return model.latentShape(1).channels();
    }

    /** The version of the weights, as in the record header {@code tandem-model}. */
    public String version() {
        return new ModelVersion(checkpoint.name(), checkpoint.step(), model.engine()).toString();
    }

    /**
     * The latents of images of the output side, (N, L).
     *
     * @throws UserError if the checkpoint has no encoder
     */
    public Tensor encode(List<Path> files) {
        if (!model.hasEncoder()) {
            throw new UserError("this checkpoint has no encoder, so --style cannot be used; use --seed instead");
        }
        return model.encode(Tensor.stack(files.stream().map(images::output).toList()));
    }

    /**
     * The latents of option {@code --latent}, (N, L).
     *
     * @param texts one text per latent
     * @throws UserError if a text is not a latent of this model
     */
    public Tensor parseLatents(List<String> texts) {
        List<Tensor> latents = new ArrayList<>();
        for (String text : texts) {
            latents.add(LatentText.parse(text, latentLength())
                    .orElseThrow(() -> new UserError(
                            "--latent is \"" + text + "\", but must be " + LatentText.expected(latentLength()))));
        }
        return Tensor.stack(latents);
    }

    /**
     * The numbers of latents, for JSON.
     *
     * @param z (N, L)
     */
    public static List<List<Float>> numbers(Tensor z) {
        return IntStream.range(0, z.shape().batch())
                .mapToObj(row -> z.rows(row, row + 1).data())
                .map(row -> IntStream.range(0, row.length).mapToObj(i -> row[i]).toList())
                .toList();
    }

    @Override
    public void close() {
        model.close();
    }
}
