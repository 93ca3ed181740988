package dev.tandem.model.engine;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.random.RandomGenerator;

/** How a parameter gets its first value. */
@FunctionalInterface
public interface Initializer {

    Initializer ZEROS = (shape, random) -> Tensor.zeros(shape.toArray());

    Tensor draw(Shape shape, RandomGenerator random);

    /** Normal with standard deviation {@code gain sqrt(2 / (fanIn + fanOut))} (Glorot and Bengio 2010). */
    static Initializer xavierNormal(double gain) {
        return (shape, random) -> {
            int window = shape.rank() == 4 ? shape.height() * shape.width() : 1;
            double deviation = gain * Math.sqrt(2.0 / ((shape.dim(0) + shape.dim(1)) * (double) window));
            float[] data = new float[shape.size()];
            for (int i = 0; i < data.length; i++) {
                data[i] = (float) (deviation * random.nextGaussian());
            }
            return new Tensor(shape, data);
        };
    }
}
