package dev.tandem.model.loss;

import dev.tandem.config.TrainSettings.GanMode;
import dev.tandem.model.engine.Ops;
import java.util.List;

/** The terms of the losses, without their weights; every one is a scalar. */
public record Losses<T>(Ops<T> ops) {

    /**
     * Adversarial term: how far the patch scores are from real or fake, averaged per scale and summed over the scales.
     * Least squares: squared distance from 1 or 0, without a factor 1/2 (Mao et al. 2017; the authors' lsgan). Vanilla:
     * cross-entropy of the scores as logits (Goodfellow et al. 2014; the authors' vanilla).
     */
    public T adversarial(GanMode mode, List<T> maps, boolean real) {
        return sum(maps.stream().map(map -> ops.mean(distance(mode, map, real))).toList());
    }

    private T distance(GanMode mode, T map, boolean real) {
        return switch (mode) {
            case LSGAN -> ops.square(ops.affine(map, 1, real ? -1 : 0));
            case VANILLA -> ops.softplus(real ? ops.affine(map, -1, 0) : map);
        };
    }

    /** Mean absolute difference; reconstruction of images and of latents. */
    public T l1(T a, T b) {
        return ops.mean(ops.abs(ops.subtract(a, b)));
    }

    /**
     * {@code KL(N(mu, exp(logVariance)) || N(0, 1))}: summed over the latent's dimensions, averaged over the batch, so
     * that its weight does not depend on the batch size (the authors sum over a batch that is one image).
     *
     * @param mu (N, L)
     * @param logVariance (N, L)
     */
    public T kl(T mu, T logVariance) {
        T variancePart = ops.subtract(ops.exp(logVariance), logVariance);
        T perElement = ops.affine(ops.add(variancePart, ops.square(mu)), 0.5, -0.5);
        return ops.affine(ops.mean(perElement), ops.shape(mu).channels(), 0);
    }

    /** {@code weights[i] terms[i]}, summed. */
    public T weighted(List<Term<T>> terms) {
        return sum(terms.stream()
                .map(term -> ops.affine(term.value(), term.weight(), 0))
                .toList());
    }

    /** One term of a total and its weight. */
    public record Term<T>(double weight, T value) {}

    private T sum(List<T> values) {
        return values.stream().reduce(ops::add).orElseThrow();
    }
}
