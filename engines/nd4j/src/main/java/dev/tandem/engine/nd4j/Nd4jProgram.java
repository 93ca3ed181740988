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

/** A compiled phase: forward instructions, then those of the gradients, bound to planned buffers. */
final class Nd4jProgram implements Program {
    private final String name;
    private final Map<String, Slot> inputs;
    private final Phase.Outputs<Node> outputs;
    private final Set<Nd4jVariables> trained;
    private final List<Tape.Tracked> tracked;
    private final Planner plan;
    private final List<Runnable> forward;
    private final List<Runnable> backward;

    private Nd4jProgram(String name, Tape tape, Phase.Outputs<Node> outputs, int forwardLength, Planner plan) {
        this.name = name;
        this.inputs = tape.inputs();
        this.outputs = outputs;
        this.trained = tape.trained();
        this.tracked = tape.tracked();
        this.plan = plan;
        this.forward = plan.bound().subList(0, forwardLength);
        this.backward = plan.bound().subList(forwardLength, plan.bound().size());
    }

    static Nd4jProgram compile(Phase phase, DataType type, BufferPool pool, UnaryOperator<Runnable> watched) {
        Tape tape = new Tape(type);
        Phase.Outputs<Node> outputs = phase.build(tape);
        int forwardLength = tape.instructions().size();
        if (!tape.trained().isEmpty()) {
            Backprop.differentiate(tape, outputs.terms().get(Phase.Outputs.LOSS));
        }
        Set<Slot> kept = Collections.newSetFromMap(new IdentityHashMap<>());
        kept.addAll(tape.inputs().values());
        outputs.terms().values().forEach(node -> kept.add(node.value()));
        outputs.tensors().values().forEach(node -> kept.add(node.value()));
        Planner plan = new Planner(pool, tape.instructions(), tape.fixed(), kept, watched);
        return new Nd4jProgram(phase.name(), tape, outputs, forwardLength, plan);
    }

    @Override
    public Map<String, Shape> inputs() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        inputs.forEach((key, slot) -> shapes.put(key, slot.shape()));
        return shapes;
    }

    @Override
    public Results run(Map<String, Tensor> values) {
        write(values);
        forward.forEach(Runnable::run);
        return results();
    }

    @Override
    public Results differentiate(Map<String, Tensor> values) {
        write(values);
        forward.forEach(Runnable::run);
        backward.forEach(Runnable::run);
        return results();
    }

    @Override
    public void update(Adam adam) {
        tracked.forEach(Tape.Tracked::move);
        trained.forEach(variables -> variables.update(adam));
    }

    private void write(Map<String, Tensor> values) {
        if (!values.keySet().equals(inputs.keySet())) {
            throw new IllegalArgumentException(
                    name + ": expected the inputs " + inputs.keySet() + ", got " + values.keySet());
        }
        inputs.forEach((key, slot) -> {
            Tensor tensor = values.get(key);
            if (!tensor.shape().equals(slot.shape())) {
                throw new IllegalArgumentException(
                        name + ": expected " + key + " of " + slot.shape() + ", got " + tensor.shape());
            }
            Transfer.write(plan.array(slot), tensor);
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
        return plan.array(node.value());
    }
}
