package dev.tandem.engine.nd4j;

import dev.tandem.model.tensor.DeviceTensor;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A result on the device. */
record Nd4jTensor(INDArray array, Shape shape) implements DeviceTensor {

    @Override
    public Tensor read() {
        return Transfer.read(array, shape);
    }

    @Override
    public double[] readDoubles() {
        double[] elements = new double[shape.size()];
        Arrays.setAll(elements, array::getDouble);
        return elements;
    }
}
