package dev.tandem.model.train;

/**
 * The terms of one step's losses, unweighted; 0 where the objective has no such term.
 *
 * @param gan adversarial term of the cVAE-GAN branch
 * @param ganLr adversarial term of the cLR-GAN branch
 * @param l1 reconstruction
 * @param kl divergence of the encoder's Gaussian from N(0, 1), averaged over the batch
 * @param latent latent regression
 * @param dVae loss of D_VAE
 * @param dLr loss of D_LR
 */
public record StepLosses(double gan, double ganLr, double l1, double kl, double latent, double dVae, double dLr) {

    /** Whether every one is a number. */
    public boolean areFinite() {
        return Double.isFinite(gan + ganLr + l1 + kl + latent + dVae + dLr);
    }
}
