package dev.tandem.model.train;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;

/** Draws that a seed and the number of the step decide. */
record SeededDraws(long seed, long step) implements TrainStep.Draws {

    @Override
    public Tensor latent(String name, Shape shape) {
        return Noise.gaussian(shape, seed, name + "." + step);
    }

    @Override
    public Tensor mask(String name, Shape shape, double share) {
        return Noise.dropout(shape, share, seed, name + "." + step);
    }
}
