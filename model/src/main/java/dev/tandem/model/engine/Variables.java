package dev.tandem.model.engine;

import dev.tandem.model.tensor.Tensor;
import java.util.List;

/**
 * The parameters of one network on the device, with their gradients and Adam's two moments.
 *
 * <p>An unknown parameter name or a wrong shape causes an {@link IllegalArgumentException}.
 */
public interface Variables {

    /** The tensors that exist per parameter. */
    enum Kind {
        VALUE,
        GRADIENT,
        FIRST_MOMENT,
        SECOND_MOMENT
    }

    /** The declarations of all parameters. */
    List<ParameterSpec> specs();

    /** Copies a tensor from the device. */
    Tensor read(Kind kind, String name);

    /** Copies a tensor to the device. */
    void write(Kind kind, String name, Tensor tensor);

    /** Number of updates by Adam so far, for its bias correction. */
    long updates();

    void setUpdates(long updates);
}
