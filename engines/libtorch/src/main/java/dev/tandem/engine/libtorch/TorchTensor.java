package dev.tandem.engine.libtorch;

import dev.tandem.model.tensor.DeviceTensor;
import dev.tandem.model.tensor.Shape;
import org.bytedeco.pytorch.Tensor;

/** A result on the device. */
record TorchTensor(Tensor tensor, Shape shape, Placement placement) implements DeviceTensor {

    @Override
    public dev.tandem.model.tensor.Tensor read() {
        return new dev.tandem.model.tensor.Tensor(shape, placement.readFloats(tensor));
    }

    @Override
    public double[] readDoubles() {
        return placement.readDoubles(tensor);
    }
}
