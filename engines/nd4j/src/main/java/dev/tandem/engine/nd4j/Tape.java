package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Parameters;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Records a phase as instructions, and for every differentiable value how its gradient flows on. */
final class Tape implements Graph<Node> {

    /** How the gradient of a result becomes gradients of the operands. */
    @FunctionalInterface
    interface Gradient {
        void flow(Backprop backprop, Slot dy);
    }

    record Derivation(Node result, Gradient gradient) {}

    /** A statistic of a batch and the running one it moves: {@code running += momentum (factor batch - running)}. */
    record Tracked(INDArray batch, INDArray running, double momentum, double factor) {
        void move() {
            running.muli(1 - momentum).addi(batch.mul(momentum * factor));
        }
    }

    private record ParameterKey(Nd4jVariables variables, String name, boolean trainable) {}

    private record Filling(Shape shape, double value) {}

    private final DataType type;
    private final List<Instruction> instructions = new ArrayList<>();
    private final List<Derivation> derivations = new ArrayList<>();
    private final Map<String, Slot> inputs = new LinkedHashMap<>();
    private final Map<Slot, INDArray> fixed = new IdentityHashMap<>();
    private final List<Tracked> tracked = new ArrayList<>();
    private final Map<Node, Node> spread = new IdentityHashMap<>();
    private final Map<Node, ParameterKey> frozen = new IdentityHashMap<>();
    private final Map<Filling, Slot> fillings = new HashMap<>();
    private final Map<ParameterKey, Node> parameters = new HashMap<>();
    private final Set<Nd4jVariables> trained = new LinkedHashSet<>();
    private final Nd4jOps ops = new Nd4jOps(this);

    Tape(DataType type) {
        this.type = type;
    }

    @Override
    public Ops<Node> ops() {
        return ops;
    }

    @Override
    public Node input(String name, Shape shape) {
        Slot slot = new Slot(shape);
        inputs.put(name, slot);
        return new Node(slot, false);
    }

    @Override
    public Parameters<Node> trainable(Variables variables) {
        Nd4jVariables owned = (Nd4jVariables) variables;
        trained.add(owned);
        return spec -> parameter(owned, spec, true);
    }

    @Override
    public Parameters<Node> frozen(Variables variables) {
        return spec -> parameter((Nd4jVariables) variables, spec, false);
    }

    private Node parameter(Nd4jVariables variables, ParameterSpec spec, boolean trainable) {
        return parameters.computeIfAbsent(new ParameterKey(variables, spec.name(), trainable), key -> {
            Slot value = fix(spec.shape(), variables.array(Variables.Kind.VALUE, spec.name()));
            Node node = new Node(value, trainable && spec.trainable());
            if (!trainable) {
                frozen.put(node, key);
            }
            return node;
        });
    }

    /** Moves a running statistic by one of the batch whenever a step is taken. */
    void track(Slot batch, Node running, double momentum, double factor) {
        // A place of its own: when the step is taken, other programs will have used the shared buffers.
        INDArray kept = Nd4j.create(type, Nd4jVariables.longs(batch.shape()));
        store(batch, kept);
        tracked.add(new Tracked(kept, fixed.get(running.value()), momentum, factor));
    }

    /** The weight of an upsampled convolution in its other form, made once for all its uses. */
    Node spread(Node weight) {
        return spread.computeIfAbsent(weight, key -> UpsampledConvolution.spread(this, key));
    }

    /** A value of a parameter alone: of a frozen one it is kept, and computed again only after the parameter changed. */
    Slot ofParameter(Node parameter, Supplier<Slot> computation) {
        ParameterKey key = frozen.get(parameter);
        if (key == null) {
            return computation.get();
        }
        int from = instructions.size();
        Slot value = computation.get();
        Nd4jVariables.Derived place = key.variables().derived(key.name(), value.shape());
        fixed.put(value, place.array());
        int last = instructions.size() - 1;
        for (int i = from; i <= last; i++) {
            instructions.set(i, instructions.get(i).when(place::isStale, i == last ? place::refreshed : () -> {}));
        }
        return value;
    }

    /** A value that lies in an array from outside the program. */
    Slot fix(Shape shape, INDArray array) {
        Slot slot = new Slot(shape);
        fixed.put(slot, array);
        return slot;
    }

    Slot constant(Shape shape, double... values) {
        return fix(shape, Nd4j.createFromArray(values).castTo(type).reshape(Nd4jVariables.longs(shape)));
    }

    Slot filled(Shape shape, double value) {
        return fillings.computeIfAbsent(
                new Filling(shape, value),
                key -> fix(shape, Nd4j.valueArrayOf(Nd4jVariables.longs(shape), value, type)));
    }

    /** Appends an instruction with one result. */
    Slot emit(Shape result, List<Slot> reads, Instruction.Kernel kernel) {
        return emit(List.of(result), reads, false, kernel).get(0);
    }

    /** Appends an instruction with one result that may overwrite the first operand. */
    Slot emitInPlace(Shape result, List<Slot> reads, Instruction.Kernel kernel) {
        return emit(List.of(result), reads, true, kernel).get(0);
    }

    List<Slot> emit(List<Shape> results, List<Slot> reads, boolean inPlace, Instruction.Kernel kernel) {
        List<Slot> writes = results.stream().map(Slot::new).toList();
        instructions.add(new Instruction(reads, writes, inPlace, kernel));
        return writes;
    }

    /** Makes a result of operands a value of the graph. */
    Node derive(Slot value, List<Node> operands, Gradient gradient) {
        boolean differentiable = operands.stream().anyMatch(Node::differentiable);
        Node result = new Node(value, differentiable);
        if (differentiable) {
            derivations.add(new Derivation(result, gradient));
        }
        return result;
    }

    /** Has a slot written straight into an array from outside; a slot that has a place already is copied there. */
    void store(Slot slot, INDArray target) {
        if (fixed.containsKey(slot)) {
            Slot copy = emit(slot.shape(), List.of(slot), Kernels::copy);
            fixed.put(copy, target);
        } else {
            fixed.put(slot, target);
        }
    }

    /** The trainable parameters in use, with the array that takes each one's gradient. */
    Map<Node, INDArray> gradientTargets() {
        Map<Node, INDArray> targets = new LinkedHashMap<>();
        parameters.forEach((key, node) -> {
            if (node.differentiable()) {
                targets.put(node, key.variables().array(Variables.Kind.GRADIENT, key.name()));
            }
        });
        return targets;
    }

    List<Instruction> instructions() {
        return instructions;
    }

    List<Derivation> derivations() {
        return derivations;
    }

    Map<String, Slot> inputs() {
        return inputs;
    }

    Map<Slot, INDArray> fixed() {
        return fixed;
    }

    List<Tracked> tracked() {
        return tracked;
    }

    Set<Nd4jVariables> trained() {
        return trained;
    }
}
