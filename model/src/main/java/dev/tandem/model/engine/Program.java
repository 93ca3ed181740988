package dev.tandem.model.engine;

import dev.tandem.model.tensor.DeviceTensor;
import dev.tandem.model.tensor.Input;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Map;

/** A compiled phase; used only by the engine's thread. */
public interface Program {

    /** Names and shapes of the inputs that {@link #run} and {@link #differentiate} expect. */
    Map<String, Shape> inputs();

    /** Computes the outputs without gradients. */
    Results run(Map<String, ? extends Input> inputs);

    /** Computes the outputs and the gradients of all trainable parameters; the parameters do not change. */
    Results differentiate(Map<String, ? extends Input> inputs);

    /** Updates the parameters by Adam with the last computed gradients, and updates the running statistics. */
    void update(Adam adam);

    /** The outputs of one run by name, as in {@link Phase.Outputs}. They stay on the device. */
    record Results(Map<String, DeviceTensor> terms, Map<String, DeviceTensor> tensors) {

        /** Copies a scalar from the device. {@link Engine#fetch} copies several at once. */
        public double term(String name) {
            return terms.get(name).readDoubles()[0];
        }

        /** Copies a tensor from the device. */
        public Tensor tensor(String name) {
            return tensors.get(name).read();
        }
    }
}
