package dev.tandem.model.train;

import dev.tandem.model.network.Networks.Member;
import java.util.List;
import java.util.Map;

/**
 * What one step was like.
 *
 * @param klPerDimension the divergence from N(0, 1) of each dimension of the latent; empty without an encoder
 * @param gradientNorms Euclidean length of each network's gradient, of those that had one
 * @param learningRate Adam's step size in it
 */
public record StepReport(
        StepLosses losses, List<Double> klPerDimension, Map<Member, Double> gradientNorms, double learningRate) {}
