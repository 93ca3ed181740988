package dev.tandem.model.train;

import dev.tandem.model.network.Networks.Member;
import java.util.List;
import java.util.Map;

/**
 * The measured values of one training step.
 *
 * @param klPerDimension KL divergence from N(0, 1) of each latent dimension; empty without an encoder
 * @param gradientNorms Euclidean norm of the gradient of each trained network
 * @param learningRate learning rate of the step
 */
public record StepReport(
        StepLosses losses, List<Double> klPerDimension, Map<Member, Double> gradientNorms, double learningRate) {}
