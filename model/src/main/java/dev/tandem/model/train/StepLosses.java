package dev.tandem.model.train;

import java.util.Map;

/**
 * The unweighted loss terms of one step; a term that the objective does not have is 0.
 *
 * @param gan adversarial term of the cVAE-GAN branch
 * @param ganLr adversarial term of the cLR-GAN branch
 * @param l1 reconstruction loss
 * @param kl KL divergence of the encoder's Gaussian from N(0, 1), averaged over the batch
 * @param latent latent loss
 * @param dVae loss of D_VAE
 * @param dLr loss of D_LR
 */
public record StepLosses(double gan, double ganLr, double l1, double kl, double latent, double dVae, double dLr) {

    /** @param terms terms by the names of the components */
    static StepLosses of(Map<String, Double> terms) {
        return new StepLosses(
                terms.getOrDefault("gan", 0.0),
                terms.getOrDefault("ganLr", 0.0),
                terms.getOrDefault("l1", 0.0),
                terms.getOrDefault("kl", 0.0),
                terms.getOrDefault("latent", 0.0),
                terms.getOrDefault("dVae", 0.0),
                terms.getOrDefault("dLr", 0.0));
    }

    /** Whether all terms are finite. */
    public boolean areFinite() {
        return Double.isFinite(gan + ganLr + l1 + kl + latent + dVae + dLr);
    }
}
