package dev.tandem.model.loss;

import dev.tandem.config.TrainSettings.GanMode;
import dev.tandem.model.engine.Ops;
import java.util.List;

/** The unweighted terms of the losses, each a scalar (section 3 of the paper). */
public record Losses<T>(Ops<T> ops) {

    /**
     * Adversarial term: distance of the patch scores from the target, averaged per scale and summed over the scales.
     *
     * <p>Least squares: squared distance from 1 (real) or 0 (fake), without a factor 1/2 (Mao et al. 2017; the authors'
     * lsgan). Vanilla: cross-entropy of the scores as logits (Goodfellow et al. 2014; the authors' vanilla). Wasserstein:
     * the score, negated for real (Arjovsky et al. 2017; the authors' wgangp).
     *
     * @param maps patch scores, (N, 1, h, w) per scale
     * @param real whether the target is real or fake
     */
    public T adversarial(GanMode mode, List<T> maps, boolean real) {
        return sum(maps.stream().map(map -> ops.mean(distance(mode, map, real))).toList());
    }

    private T distance(GanMode mode, T map, boolean real) {
        return switch (mode) {
            case LSGAN -> ops.square(ops.affine(map, 1, real ? -1 : 0));
            case VANILLA -> ops.softplus(real ? ops.affine(map, -1, 0) : map);
            case WGANGP -> real ? ops.affine(map, -1, 0) : map;
        };
    }

    /**
     * Gradient penalty of WGAN-GP: the mean squared distance of the gradient norms from 1 (Gulrajani et al. 2017). The
     * gradient is that of the sum of all scores, as in the authors' program.
     *
     * @param maps scores of N images, (N, 1, h, w) per scale
     * @param images (N, C, H, W), a variable
     */
    public T gradientPenalty(List<T> maps, T images) {
        return ops.mean(ops.square(ops.affine(ops.gradientNorms(sumOfScores(maps), images), 1, -1)));
    }

    /**
     * R1: half of the mean squared gradient norm (Mescheder et al. 2018, equation 9).
     *
     * @param maps scores of N real images, (N, 1, h, w) per scale
     * @param images (N, C, H, W), a variable
     */
    public T r1(List<T> maps, T images) {
        return ops.affine(ops.mean(ops.square(ops.gradientNorms(sumOfScores(maps), images))), 0.5, 0);
    }

    private T sumOfScores(List<T> maps) {
        return sum(maps.stream()
                .map(map -> ops.affine(ops.mean(map), ops.shape(map).size(), 0))
                .toList());
    }

    /** Mean absolute difference, for the reconstruction of images and of latents. */
    public T l1(T a, T b) {
        return ops.mean(ops.abs(ops.subtract(a, b)));
    }

    /**
     * KL divergence {@code KL(N(mu, exp(logVariance)) || N(0, 1))}, summed over the latent's dimensions and averaged
     * over the batch, so its weight does not depend on the batch size (the authors sum over a batch of one image).
     *
     * @param mu (N, L)
     * @param logVariance (N, L)
     */
    public T kl(T mu, T logVariance) {
        T variancePart = ops.subtract(ops.exp(logVariance), logVariance);
        T perElement = ops.affine(ops.add(variancePart, ops.square(mu)), 0.5, -0.5);
        return ops.affine(ops.mean(perElement), ops.shape(mu).channels(), 0);
    }

    /** The weighted sum of terms. */
    public T weighted(List<Term<T>> terms) {
        return sum(terms.stream()
                .map(term -> ops.affine(term.value(), term.weight(), 0))
                .toList());
    }

    /** A term and its weight in the sum. */
    public record Term<T>(double weight, T value) {}

    private T sum(List<T> values) {
        return values.stream().reduce(ops::add).orElseThrow();
    }
}
