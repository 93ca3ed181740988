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

/** Records a phase: its instructions, and the gradient rules of its differentiable results. */
final class Tape implements Graph<Node> {

    /** Computes the gradients of an operation's operands from the gradient of its result. */
    @FunctionalInterface
    interface GradientRule {
        void propagate(Backprop backprop, Slot dy);
    }

    record DifferentiableResult(Node node, GradientRule rule) {}

    /**
     * A statistic of a batch and the running statistic that it updates:
     * {@code running += momentum (factor batch - running)}.
     */
    record RunningStatistic(INDArray batch, INDArray running, double momentum, double factor) {
        void update() {
            running.muli(1 - momentum).addi(batch.mul(momentum * factor));
        }
    }

    private record ParameterKey(Nd4jVariables variables, String name, boolean trainable) {}

    private record FilledKey(Shape shape, double value) {}

    private final DataType type;
    private final List<Instruction> instructions = new ArrayList<>();
    private final List<DifferentiableResult> differentiableResults = new ArrayList<>();
    private final Map<String, Slot> inputs = new LinkedHashMap<>();
    private final Map<Slot, INDArray> externalArrays = new IdentityHashMap<>();
    private final List<RunningStatistic> runningStatistics = new ArrayList<>();
    private final Map<Node, Node> fusedWeights = new IdentityHashMap<>();
    private final Map<Node, ParameterKey> frozenParameters = new IdentityHashMap<>();
    private final Map<FilledKey, Slot> filledArrays = new HashMap<>();
    private final Map<ParameterKey, Node> parameters = new HashMap<>();
    private final Set<Nd4jVariables> trainedVariables = new LinkedHashSet<>();
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
        return new Node(inputs.computeIfAbsent(name, key -> new Slot(shape)), false);
    }

    @Override
    public Parameters<Node> trainable(Variables variables) {
        Nd4jVariables nd4jVariables = (Nd4jVariables) variables;
        trainedVariables.add(nd4jVariables);
        return spec -> parameter(nd4jVariables, spec, true);
    }

    @Override
    public Parameters<Node> frozen(Variables variables) {
        return spec -> parameter((Nd4jVariables) variables, spec, false);
    }

    private Node parameter(Nd4jVariables variables, ParameterSpec spec, boolean trainable) {
        return parameters.computeIfAbsent(new ParameterKey(variables, spec.name(), trainable), key -> {
            Slot value = external(spec.shape(), variables.array(Variables.Kind.VALUE, spec.name()));
            Node node = new Node(value, trainable && spec.trainable());
            if (!trainable) {
                frozenParameters.put(node, key);
            }
            return node;
        });
    }

    /** Registers the statistic of a batch. Each training step updates the running statistic with it. */
    void trackStatistic(Slot batch, Node running, double momentum, double factor) {
        // Not in a shared buffer: other programs overwrite those before the step is taken.
        INDArray target = Nd4j.create(type, Kernels.dimensions(batch.shape()));
        store(batch, target);
        runningStatistics.add(new RunningStatistic(target, externalArrays.get(running.value()), momentum, factor));
    }

    /** The fused weight of an upsampled convolution. All uses of the weight share it. */
    Node fusedWeight(Node weight) {
        return fusedWeights.computeIfAbsent(weight, key -> UpsampledConvolution.fuseWeight(this, key));
    }

    /**
     * A value that depends on one parameter only. If the parameter is frozen, the value is cached, and computed again only
     * after the parameter changed.
     *
     * @param computation emits the instructions that compute the value
     */
    Slot cachedIfFrozen(Node parameter, Supplier<Slot> computation) {
        ParameterKey key = frozenParameters.get(parameter);
        if (key == null) {
            return computation.get();
        }
        int first = instructions.size();
        Slot value = computation.get();
        Nd4jVariables.CachedValue cached = key.variables().cachedValue(key.name(), value.shape());
        externalArrays.put(value, cached.array());
        int last = instructions.size() - 1;
        for (int i = first; i <= last; i++) {
            Runnable followedBy = i == last ? cached::markCurrent : () -> {};
            instructions.set(i, instructions.get(i).onlyIf(cached::isStale, followedBy));
        }
        return value;
    }

    /** A value in an array outside the program. */
    private Slot external(Shape shape, INDArray array) {
        Slot slot = new Slot(shape);
        externalArrays.put(slot, array);
        return slot;
    }

    Slot constant(Shape shape, double... values) {
        return external(shape, Nd4j.createFromArray(values).castTo(type).reshape(Kernels.dimensions(shape)));
    }

    /** A constant with the same value in all elements. */
    Slot filled(Shape shape, double value) {
        return filledArrays.computeIfAbsent(
                new FilledKey(shape, value),
                key -> external(shape, Nd4j.valueArrayOf(Kernels.dimensions(shape), value, type)));
    }

    /** Appends an instruction with one result. */
    Slot emit(Shape result, List<Slot> reads, Instruction.Kernel kernel) {
        return emit(List.of(result), reads, false, kernel).get(0);
    }

    /** Appends an instruction with one result that may overwrite the first operand. */
    Slot emitInPlace(Shape result, List<Slot> reads, Instruction.Kernel kernel) {
        return emit(List.of(result), reads, true, kernel).get(0);
    }

    /** Appends an instruction. */
    List<Slot> emit(List<Shape> results, List<Slot> reads, boolean inPlace, Instruction.Kernel kernel) {
        List<Slot> writes = results.stream().map(Slot::new).toList();
        instructions.add(new Instruction(reads, writes, inPlace, kernel));
        return writes;
    }

    /** The node of an operation's result. Records the gradient rule if an operand is differentiable. */
    Node node(Slot value, List<Node> operands, GradientRule rule) {
        boolean differentiable = operands.stream().anyMatch(Node::differentiable);
        Node result = new Node(value, differentiable);
        if (differentiable) {
            differentiableResults.add(new DifferentiableResult(result, rule));
        }
        return result;
    }

    /** Stores a value in an array outside the program. The value is copied only if it already has such an array. */
    void store(Slot slot, INDArray target) {
        if (externalArrays.containsKey(slot)) {
            Slot copy = emit(slot.shape(), List.of(slot), Kernels::copy);
            externalArrays.put(copy, target);
        } else {
            externalArrays.put(slot, target);
        }
    }

    /** The trainable parameters in use, each with the array of its gradient. */
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

    List<DifferentiableResult> differentiableResults() {
        return differentiableResults;
    }

    Map<String, Slot> inputs() {
        return inputs;
    }

    Map<Slot, INDArray> externalArrays() {
        return externalArrays;
    }

    List<RunningStatistic> runningStatistics() {
        return runningStatistics;
    }

    Set<Nd4jVariables> trainedVariables() {
        return trainedVariables;
    }
}
