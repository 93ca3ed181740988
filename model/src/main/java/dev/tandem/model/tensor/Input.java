package dev.tandem.model.tensor;

/** A tensor that a program can read: on the heap or on the device. */
public sealed interface Input permits Tensor, DeviceTensor {

    Shape shape();
}
