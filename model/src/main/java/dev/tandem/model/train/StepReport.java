package dev.tandem.model.train;

import dev.tandem.model.network.Networks.Member;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The measured values of one training step.
 *
 * @param klPerDimension KL divergence from N(0, 1) of each latent dimension; empty without an encoder
 * @param gradientNorms Euclidean norm of the gradient of each trained network
 * @param learningRate learning rate of the step
 */
public record StepReport(
        StepLosses losses, List<Double> klPerDimension, Map<Member, Double> gradientNorms, double learningRate) {

    /** Prefix of gradient norms among the measured values. */
    static final String NORM = "norm.";

    /**
     * @param measured loss terms by name, gradient norms by {@link #NORM} and the key of the network, and {@code mu} and
     *     {@code logVariance} of the encoder if there is one
     * @param latent length of a latent
     */
    static StepReport of(Map<String, double[]> measured, int latent, double learningRate) {
        Map<Member, Double> norms = new EnumMap<>(Member.class);
        for (Member member : Member.values()) {
            Optional.ofNullable(measured.get(NORM + member.key())).ifPresent(norm -> norms.put(member, norm[0]));
        }
        List<Double> kl = measured.containsKey("mu")
                ? klPerDimension(measured.get("mu"), measured.get("logVariance"), latent)
                : List.of();
        return new StepReport(StepLosses.of(measured), kl, norms, learningRate);
    }

    /** {@code 0.5 (exp(logVariance) + mu^2 - 1 - logVariance)} of each dimension, averaged over the batch. */
    private static List<Double> klPerDimension(double[] mu, double[] logVariance, int latent) {
        double[] means = new double[latent];
        int batch = mu.length / latent;
        for (int i = 0; i < mu.length; i++) {
            means[i % latent] += (Math.exp(logVariance[i]) + mu[i] * mu[i] - 1 - logVariance[i]) / 2 / batch;
        }
        return Arrays.stream(means).boxed().toList();
    }
}
