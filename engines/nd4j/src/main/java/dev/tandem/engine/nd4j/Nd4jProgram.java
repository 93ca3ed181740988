package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.tensor.DeviceTensor;
import dev.tandem.model.tensor.Input;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A compiled phase: the forward instructions and those of the gradients, bound to planned buffers. */
final class Nd4jProgram implements Program {
    private final String name;
    private final Map<String, Slot> inputs;
    private final Results results;
    private final Set<Nd4jVariables> trainedVariables;
    private final List<Tape.RunningStatistic> runningStatistics;
    private final Planner planner;
    private final List<Runnable> forward;
    private final List<Runnable> backward;

    private Nd4jProgram(String name, Tape tape, Results results, int forwardLength, Planner planner) {
        this.name = name;
        this.inputs = tape.inputs();
        this.results = results;
        this.trainedVariables = tape.trainedVariables();
        this.runningStatistics = tape.runningStatistics();
        this.planner = planner;
        this.forward = planner.operations().subList(0, forwardLength);
        this.backward =
                planner.operations().subList(forwardLength, planner.operations().size());
    }

    /** @param instrument wraps each native operation */
    static Nd4jProgram compile(Phase phase, DataType type, BufferPool pool, UnaryOperator<Runnable> instrument) {
        Tape tape = new Tape(type);
        Phase.Outputs<Node> outputs = phase.build(tape);
        Results results = new Results(store(outputs.terms(), tape, pool), store(outputs.tensors(), tape, pool));
        int forwardLength = tape.instructions().size();
        if (!tape.trainedVariables().isEmpty()) {
            Backprop.differentiate(tape, outputs.terms().get(Phase.Outputs.LOSS));
        }
        Set<Slot> retained = Collections.newSetFromMap(new IdentityHashMap<>());
        retained.addAll(tape.inputs().values());
        Planner planner = new Planner(pool, tape.instructions(), tape.externalArrays(), retained, instrument);
        return new Nd4jProgram(phase.name(), tape, results, forwardLength, planner);
    }

    /** Stores outputs where no other program overwrites them. */
    private static Map<String, DeviceTensor> store(Map<String, Node> outputs, Tape tape, BufferPool pool) {
        Map<String, DeviceTensor> stored = new LinkedHashMap<>();
        outputs.forEach((name, node) -> {
            INDArray array = pool.dedicated(node.shape());
            tape.store(node.value(), array);
            stored.put(name, new Nd4jTensor(array, node.shape()));
        });
        return stored;
    }

    @Override
    public Map<String, Shape> inputs() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        inputs.forEach((key, slot) -> shapes.put(key, slot.shape()));
        return shapes;
    }

    @Override
    public Results run(Map<String, ? extends Input> values) {
        writeInputs(values);
        forward.forEach(Runnable::run);
        return results;
    }

    @Override
    public Results differentiate(Map<String, ? extends Input> values) {
        writeInputs(values);
        forward.forEach(Runnable::run);
        backward.forEach(Runnable::run);
        return results;
    }

    @Override
    public void update(Adam adam) {
        runningStatistics.forEach(Tape.RunningStatistic::update);
        trainedVariables.forEach(variables -> variables.update(adam));
    }

    private void writeInputs(Map<String, ? extends Input> values) {
        if (!values.keySet().equals(inputs.keySet())) {
            throw new IllegalArgumentException(
                    name + ": expected the inputs " + inputs.keySet() + ", got " + values.keySet());
        }
        inputs.forEach((key, slot) -> {
            Input input = values.get(key);
            if (!input.shape().equals(slot.shape())) {
                throw new IllegalArgumentException(
                        name + ": expected input " + key + " of shape " + slot.shape() + ", got " + input.shape());
            }
            if (input instanceof Tensor tensor) {
                Transfer.write(planner.array(slot), tensor);
            } else {
                planner.array(slot).assign(((Nd4jTensor) input).array());
            }
        });
    }
}
