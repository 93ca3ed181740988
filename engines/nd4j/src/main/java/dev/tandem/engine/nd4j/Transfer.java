package dev.tandem.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Copies tensors between the heap and the device. */
final class Transfer {
    private Transfer() {}

    static void write(INDArray target, Tensor tensor) {
        try (INDArray staged = Nd4j.createFromArray(tensor.data())) {
            target.assign(staged.reshape('c', target.shape()));
        }
    }

    static Tensor read(INDArray array, Shape shape) {
        try (INDArray staged = array.dup('c').castTo(DataType.FLOAT)) {
            return new Tensor(shape, staged.data().asFloat());
        }
    }
}
