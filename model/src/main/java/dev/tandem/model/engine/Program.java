package dev.tandem.model.engine;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Map;

/** A compiled phase; used only by the engine's thread. */
public interface Program {

    /** Names and shapes of the inputs that {@link #run} and {@link #differentiate} expect. */
    Map<String, Shape> inputs();

    /** Computes the outputs without gradients. */
    Results run(Map<String, Tensor> inputs);

    /** Computes the outputs and the gradients of all trainable parameters; the parameters do not change. */
    Results differentiate(Map<String, Tensor> inputs);

    /** Updates the parameters by Adam with the last computed gradients, and updates the running statistics. */
    void update(Adam adam);

    /** The results of one run: scalars in double precision, and tensors. */
    record Results(Map<String, Double> terms, Map<String, Tensor> tensors) {
        public double term(String name) {
            return terms.get(name);
        }

        public Tensor tensor(String name) {
            return tensors.get(name);
        }
    }
}
