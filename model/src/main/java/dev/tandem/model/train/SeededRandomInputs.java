package dev.tandem.model.train;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;

/** Random inputs that depend only on a seed and the step number. */
record SeededRandomInputs(long seed, long step) implements TrainStep.RandomInputs {

    @Override
    public Tensor latent(String name, Shape shape) {
        return Noise.gaussian(shape, seed, name + "." + step);
    }

    @Override
    public Tensor uniform(String name, Shape shape) {
        return Noise.uniform(shape, seed, name + "." + step);
    }

    @Override
    public Tensor mask(String name, Shape shape, double rate) {
        return Noise.dropout(shape, rate, seed, name + "." + step);
    }
}
