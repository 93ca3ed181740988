package dev.tandem.model.engine;

import dev.tandem.model.tensor.DeviceTensor;
import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.Map;

/**
 * Holds parameters on a device, and compiles and runs phases there.
 *
 * <p>An engine, its variables and its programs are used only by the thread that opened the engine. Closing the engine
 * frees the device's memory; its variables and programs are invalid after that.
 */
public interface Engine extends Backend {

    /** Allocates a network's parameters with gradients and Adam's moments, all zero. */
    Variables allocate(List<ParameterSpec> specs);

    /** Allocates parameters that no optimizer updates (an average, a serving checkpoint): values only, all zero. */
    Variables allocateConstant(List<ParameterSpec> specs);

    /** Compiles a phase for the shapes of its inputs. */
    Program compile(Phase phase);

    /**
     * Begins to copy a tensor to the device, for runs of programs. A GPU continues with earlier runs meanwhile. On a CPU there
     * is nothing to copy.
     */
    default StagedInput stage(Tensor tensor) {
        return StagedInput.onHeap(tensor);
    }

    /** Updates an exponential moving average: {@code average = decay * average + (1 - decay) * source}, per value. */
    void average(Variables average, Variables source, double decay);

    /**
     * Euclidean norm of the last computed gradient over all parameters, a scalar; not finite if any element is not finite.
     * It is valid until the next call for the same variables.
     */
    DeviceTensor gradientNorm(Variables variables);

    /**
     * Copies small tensors to the heap in double precision, all at once: one synchronisation with the device.
     *
     * @return the elements of each tensor by its name, in row-major order
     */
    Map<String, double[]> fetch(Map<String, DeviceTensor> tensors);

    /** Copies all values between variables with the same parameters. */
    void copy(Variables from, Variables to);
}
