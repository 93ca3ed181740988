package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Collections;
import java.util.HashMap;
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
    private final Phase.Outputs<Node> outputs;
    private final Set<Nd4jVariables> trainedVariables;
    private final List<Tape.RunningStatistic> runningStatistics;
    private final Planner planner;
    private final List<Runnable> forward;
    private final List<Runnable> backward;

    private Nd4jProgram(String name, Tape tape, Phase.Outputs<Node> outputs, int forwardLength, Planner planner) {
        this.name = name;
        this.inputs = tape.inputs();
        this.outputs = outputs;
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
        int forwardLength = tape.instructions().size();
        if (!tape.trainedVariables().isEmpty()) {
            Backprop.differentiate(tape, outputs.terms().get(Phase.Outputs.LOSS));
        }
        Set<Slot> retained = Collections.newSetFromMap(new IdentityHashMap<>());
        retained.addAll(tape.inputs().values());
        outputs.terms().values().forEach(node -> retained.add(node.value()));
        outputs.tensors().values().forEach(node -> retained.add(node.value()));
        Planner planner = new Planner(pool, tape.instructions(), tape.externalArrays(), retained, instrument);
        return new Nd4jProgram(phase.name(), tape, outputs, forwardLength, planner);
    }

    @Override
    public Map<String, Shape> inputs() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        inputs.forEach((key, slot) -> shapes.put(key, slot.shape()));
        return shapes;
    }

    @Override
    public Results run(Map<String, Tensor> values) {
        writeInputs(values);
        forward.forEach(Runnable::run);
        return results();
    }

    @Override
    public Results differentiate(Map<String, Tensor> values) {
        writeInputs(values);
        forward.forEach(Runnable::run);
        backward.forEach(Runnable::run);
        return results();
    }

    @Override
    public void update(Adam adam) {
        runningStatistics.forEach(Tape.RunningStatistic::update);
        trainedVariables.forEach(variables -> variables.update(adam));
    }

    private void writeInputs(Map<String, Tensor> values) {
        if (!values.keySet().equals(inputs.keySet())) {
            throw new IllegalArgumentException(
                    name + ": expected the inputs " + inputs.keySet() + ", got " + values.keySet());
        }
        inputs.forEach((key, slot) -> {
            Tensor tensor = values.get(key);
            if (!tensor.shape().equals(slot.shape())) {
                throw new IllegalArgumentException(
                        name + ": expected input " + key + " of shape " + slot.shape() + ", got " + tensor.shape());
            }
            Transfer.write(planner.array(slot), tensor);
        });
    }

    private Results results() {
        Map<String, Double> terms = new HashMap<>();
        outputs.terms().forEach((key, node) -> terms.put(key, array(node).getDouble(0)));
        Map<String, Tensor> tensors = new HashMap<>();
        outputs.tensors().forEach((key, node) -> tensors.put(key, Transfer.read(array(node), node.shape())));
        return new Results(terms, tensors);
    }

    private INDArray array(Node node) {
        return planner.array(node.value());
    }
}
