package dev.tandem.model.train;

import dev.tandem.config.ModelSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.TrainSettings;
import dev.tandem.config.TrainSettings.GanMode;
import dev.tandem.config.TrainSettings.GradientPenalty;
import dev.tandem.config.TrainSettings.LatentGradient;
import dev.tandem.config.TrainSettings.LossWeights;

/**
 * The terms of the loss: those with a positive weight whose networks exist.
 *
 * <p>Forward passes that no term needs are not computed, so each branch of the model can be trained alone (section 4 of
 * the paper).
 *
 * @param encodes whether the cVAE-GAN branch encodes z from B; otherwise its z is random
 * @param conditional whether the discriminators get A beside B
 * @param sharedDiscriminator whether one discriminator serves both branches
 * @param latentTermTrainsEncoder whether the latent term trains E in addition to G
 * @param dropout rate of dropout in the inner levels of the generator
 */
public record Objective(
        LossWeights lambda,
        boolean encodes,
        boolean conditional,
        boolean sharedDiscriminator,
        boolean latentTermTrainsEncoder,
        GanMode ganMode,
        GradientPenalty gradientPenalty,
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
                train.gradientPenalty(),
                train.dropout());
    }

    public Objective with(LossWeights other) {
        return new Objective(
                other,
                encodes,
                conditional,
                sharedDiscriminator,
                latentTermTrainsEncoder,
                ganMode,
                gradientPenalty,
                dropout);
    }

    /** Whether the cVAE-GAN branch is needed: A with the latent encoded from B, or a random one without an encoder. */
    boolean hasVaeBranch() {
        return hasVaeAdversarial() || lambda.l1() > 0 || encodes && lambda.kl() > 0;
    }

    /** Whether the cLR-GAN branch is needed: A with a random latent, which E recovers from the translation. */
    boolean hasLrBranch() {
        return hasLrAdversarial() || hasLatentTerm();
    }

    /** Whether the cVAE-GAN branch has an adversarial term, so its discriminator trains. */
    boolean hasVaeAdversarial() {
        return lambda.gan() > 0;
    }

    /** Whether the cLR-GAN branch has an adversarial term, so its discriminator trains. */
    boolean hasLrAdversarial() {
        return encodes && lambda.ganLr() > 0;
    }

    /** Whether the latent is recovered from the cLR-GAN branch (latent regression). */
    boolean hasLatentTerm() {
        return encodes && lambda.latent() > 0;
    }
}
