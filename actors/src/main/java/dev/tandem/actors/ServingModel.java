package dev.tandem.actors;

import dev.tandem.actors.ModelActor.EncodeReply;
import dev.tandem.actors.ModelActor.Encoded;
import dev.tandem.actors.ModelActor.Refused;
import dev.tandem.actors.ModelActor.ServeReply;
import dev.tandem.actors.ModelActor.Serving;
import dev.tandem.actors.ModelActor.TranslateReply;
import dev.tandem.actors.ModelActor.Translated;
import dev.tandem.config.SettingsException;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.ModelVersion;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Optional;
import java.util.function.BinaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Translates and encodes images with the serving checkpoint, or with the live model if no checkpoint is selected. A call
 * with tensors of a wrong shape returns {@link Refused}.
 */
final class ServingModel {
    private static final Logger LOG = LoggerFactory.getLogger(ServingModel.class);

    private final BicycleGan model;
    private final ModelCheckpoints checkpoints;
    private Optional<Checkpoint> serving = Optional.empty();

    ServingModel(BicycleGan model, ModelCheckpoints checkpoints) {
        this.model = model;
        this.checkpoints = checkpoints;
    }

    /**
     * Selects the weights that translate from now on.
     *
     * @param checkpoint the serving checkpoint; empty: the live model
     * @return {@link Refused} if the checkpoint does not match the settings or cannot be loaded; nothing changes then
     */
    ServeReply select(Optional<Checkpoint> checkpoint) {
        try {
            checkpoint.ifPresentOrElse(model::serve, model::serveLive);
        } catch (SettingsException | CheckpointException e) {
            return new Refused(e.getMessage());
        }
        serving = checkpoint;
        LOG.info(
                "translating with {}",
                checkpoint.map(selected -> "checkpoint " + selected.name()).orElse("the live model"));
        return new Serving(checkpoint());
    }

    /** Returns the name of the serving checkpoint; empty: the live model translates. */
    Optional<String> checkpoint() {
        return serving.map(Checkpoint::name);
    }

    /** Translates images (N, C, H, W) with latents (N, L). */
    TranslateReply translate(Tensor a, Tensor z) {
        String version = serving.map(checkpoint -> version(checkpoint.name(), checkpoint.step(), model.engine()))
                .orElseGet(this::liveVersion);
        return translate(a, z, model::translate, version);
    }

    /** Translates images (N, C, H, W) with latents (N, L) and the live model, even if a checkpoint is serving. */
    TranslateReply preview(Tensor a, Tensor z) {
        return translate(a, z, model::preview, liveVersion());
    }

    /** Encodes images (N, C, H, W) to the means of their latents. */
    EncodeReply encode(Tensor b) {
        if (!model.hasEncoder()) {
            return new Refused("this model has no encoder, so it cannot take a style from an image");
        }
        Shape outputShape = model.outputShape(b.shape().batch());
        return b.shape().equals(outputShape)
                ? new Encoded(model.encode(b))
                : Refused.ofShapes("images of shape " + outputShape, b);
    }

    private TranslateReply translate(Tensor a, Tensor z, BinaryOperator<Tensor> generator, String version) {
        Shape inputShape = model.inputShape(a.shape().batch());
        Shape latentShape = model.latentShape(a.shape().batch());
        return a.shape().equals(inputShape) && z.shape().equals(latentShape)
                ? new Translated(generator.apply(a, z), version)
                : Refused.ofShapes("images of shape " + inputShape + " and latents of shape " + latentShape, a, z);
    }

    private String liveVersion() {
        return version(checkpoints.newestName(), model.step(), model.liveEngine());
    }

    private static String version(String checkpoint, long step, String engine) {
        return new ModelVersion(checkpoint, step, engine).toString();
    }
}
