package dev.tandem.model.conformance;

import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.tensor.Tensor;
import java.util.Map;

/**
 * Central differences of a program's loss by single elements of its parameters:
 * {@code (loss(x + step) - loss(x - step)) / (2 step)}.
 */
record CentralDifference(Program program, Map<String, Tensor> inputs, Variables variables, double step) {

    /** The difference by one element. Restores the parameter. */
    double by(ParameterSpec spec, int element) {
        Tensor value = variables.read(Kind.VALUE, spec.name());
        double up = lossWith(spec, value, element, step);
        double down = lossWith(spec, value, element, -step);
        variables.write(Kind.VALUE, spec.name(), value);
        return (up - down) / (2 * step);
    }

    private double lossWith(ParameterSpec spec, Tensor value, int element, double change) {
        float[] changed = value.data().clone();
        changed[element] += (float) change;
        variables.write(Kind.VALUE, spec.name(), new Tensor(value.shape(), changed));
        return program.run(inputs).term(Phase.Outputs.LOSS);
    }
}
