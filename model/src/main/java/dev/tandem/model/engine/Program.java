package dev.tandem.model.engine;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Map;

/** A compiled phase. Belongs to the thread of its engine. */
public interface Program {

    /** What {@link #run} and {@link #differentiate} must be given. */
    Map<String, Shape> inputs();

    /** Computes the outputs only. */
    Results run(Map<String, Tensor> inputs);

    /** Computes the outputs and the gradients of all trainable parameters, and leaves the parameters as they are. */
    Results differentiate(Map<String, Tensor> inputs);

    /** Lets Adam update the parameters by the gradients computed last, and moves the running statistics. */
    void update(Adam adam);

    /** What one run gave: scalars in double precision, and tensors. */
    record Results(Map<String, Double> terms, Map<String, Tensor> tensors) {
        public double term(String name) {
            return terms.get(name);
        }

        public Tensor tensor(String name) {
            return tensors.get(name);
        }
    }
}
