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

    /** @param terms scalars by the names of the components */
    static StepLosses of(Map<String, double[]> terms) {
        return new StepLosses(
                term(terms, "gan"),
                term(terms, "ganLr"),
                term(terms, "l1"),
                term(terms, "kl"),
                term(terms, "latent"),
                term(terms, Branch.VAE.term()),
                term(terms, Branch.LR.term()));
    }

    private static double term(Map<String, double[]> terms, String name) {
        return terms.containsKey(name) ? terms.get(name)[0] : 0;
    }

    /** Whether all terms are finite. */
    public boolean areFinite() {
        return Double.isFinite(gan + ganLr + l1 + kl + latent + dVae + dLr);
    }
}
