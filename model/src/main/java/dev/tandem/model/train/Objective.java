package dev.tandem.model.train;

import dev.tandem.config.ModelSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.TrainSettings;
import dev.tandem.config.TrainSettings.GanMode;
import dev.tandem.config.TrainSettings.LatentGradient;
import dev.tandem.config.TrainSettings.LossWeights;

/**
 * Which terms the loss has: those with a weight, as far as the networks have what they need. Passes through networks that
 * no term needs are not computed, so that each part of the model can be trained by itself (section 4 of the paper).
 *
 * @param encodes whether z of the first branch is encoded from B rather than drawn
 * @param conditional whether discriminators see A too
 * @param shared whether one discriminator serves both branches
 * @param dropout share of the generator's middle activations that is dropped
 */
public record Objective(
        LossWeights lambda,
        boolean encodes,
        boolean conditional,
        boolean shared,
        boolean regressionTrainsEncoder,
        GanMode ganMode,
        double dropout) {

    public static Objective of(Settings settings) {
        ModelSettings model = settings.model();
        TrainSettings train = settings.train();
        return new Objective(
                train.loss(),
                model.encodes(),
                model.discriminator().conditional(),
                model.discriminator().shared(),
                train.latentGradient() == LatentGradient.BOTH,
                train.ganMode(),
                train.dropout());
    }

    public Objective with(LossWeights other) {
        return new Objective(other, encodes, conditional, shared, regressionTrainsEncoder, ganMode, dropout);
    }

    /** cVAE-GAN: A with the latent of its own B (or a drawn one, if none is encoded). */
    boolean hasFirstBranch() {
        return lambda.gan() > 0 || lambda.l1() > 0 || encodes && lambda.kl() > 0;
    }

    /** cLR-GAN: A with a drawn latent, which is then to be found again. */
    boolean hasSecondBranch() {
        return encodes && (lambda.ganLr() > 0 || lambda.latent() > 0);
    }

    boolean judgesFirst() {
        return lambda.gan() > 0;
    }

    boolean judgesSecond() {
        return encodes && lambda.ganLr() > 0;
    }

    boolean regresses() {
        return encodes && lambda.latent() > 0;
    }
}
