package dev.tandem.model.tensor;

/**
 * A result of a program or engine that stays on the device. It is valid until the program runs again or the engine closes,
 * and only the engine's thread uses it.
 */
public non-sealed interface DeviceTensor extends Input {

    /** Copies the elements to the heap. */
    Tensor read();

    /** Copies the elements to the heap in double precision, in row-major order. */
    double[] readDoubles();
}
