package dev.tandem.model.engine;

import dev.tandem.model.tensor.Tensor;
import java.util.List;

/**
 * The parameters of one network on the device, with their gradients and Adam's two moments.
 *
 * <p>Tensors go in and out by the parameter's name; an unknown name or a wrong shape is an
 * {@link IllegalArgumentException}.
 */
public interface Variables {

    /** What is kept for every parameter. */
    enum Kind {
        VALUE,
        GRADIENT,
        FIRST_MOMENT,
        SECOND_MOMENT
    }

    List<ParameterSpec> specs();

    Tensor read(Kind kind, String name);

    void write(Kind kind, String name, Tensor tensor);

    /** Number of updates by Adam so far; its bias correction needs it. */
    long updates();

    void setUpdates(long updates);
}
