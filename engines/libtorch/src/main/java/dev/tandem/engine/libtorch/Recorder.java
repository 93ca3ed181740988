package dev.tandem.engine.libtorch;

import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Parameters;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.bytedeco.pytorch.Tensor;

/** Records the instructions of a phase, and the tensors that they read but do not compute. */
final class Recorder implements Graph<Value>, AutoCloseable {
    private final Placement placement;
    private final TorchOps ops = new TorchOps(this);
    private final List<Instruction> instructions = new ArrayList<>();
    private final Map<String, Value> inputs = new LinkedHashMap<>();
    private final Map<ParameterKey, Value> parameters = new HashMap<>();
    private final Set<TorchVariables> trainedVariables = new LinkedHashSet<>();
    private final List<Value> constants = new ArrayList<>();
    private final List<RunningStatistics> runningStatistics = new ArrayList<>();
    /** By index of the value; empty for the results of instructions. */
    private final List<Optional<Tensor>> stored = new ArrayList<>();

    private boolean autogradNeeded;

    /** A parameter, as a trainable or as a frozen value. */
    record ParameterKey(TorchVariables variables, String name, boolean trainable) {}

    Recorder(Placement placement) {
        this.placement = placement;
    }

    @Override
    public Ops<Value> ops() {
        return ops;
    }

    @Override
    public Value input(String name, Shape shape) {
        return inputs.computeIfAbsent(name, key -> store(placement.input(shape), shape));
    }

    @Override
    public Parameters<Value> trainable(Variables variables) {
        TorchVariables torchVariables = (TorchVariables) variables;
        trainedVariables.add(torchVariables);
        return spec -> parameter(torchVariables, spec, spec.trainable());
    }

    @Override
    public Parameters<Value> frozen(Variables variables) {
        return spec -> parameter((TorchVariables) variables, spec, false);
    }

    private Value parameter(TorchVariables variables, ParameterSpec spec, boolean trainable) {
        return parameters.computeIfAbsent(
                new ParameterKey(variables, spec.name(), trainable),
                key -> store(variables.value(spec.name(), trainable), spec.shape()));
    }

    /** A value that does not change. */
    Value constant(Shape shape, double[] elements) {
        Value constant = store(placement.of(elements, Placement.dimensions(shape)), shape);
        constants.add(constant);
        return constant;
    }

    /** Frees the tensors. */
    @Override
    public void close() {
        runningStatistics.forEach(RunningStatistics::close);
        stored.forEach(tensor -> tensor.ifPresent(Tensor::close));
    }

    private Value store(Tensor tensor, Shape shape) {
        Value value = new Value(stored.size(), shape);
        stored.add(Optional.of(tensor));
        return value;
    }

    Placement placement() {
        return placement;
    }

    /** Appends an instruction. */
    Value append(String name, Shape shape, List<Value> operands, Instruction.Operation operation) {
        Value result = new Value(stored.size(), shape);
        stored.add(Optional.empty());
        instructions.add(new Instruction(name, List.copyOf(operands), result, operation));
        return result;
    }

    /** The statistics of a batch norm, which a training step updates. */
    RunningStatistics trackStatistics(Value mean, Value variance, double epsilon, int count, int batches) {
        RunningStatistics statistics = new RunningStatistics(tensor(mean), tensor(variance), epsilon, count, batches);
        runningStatistics.add(statistics);
        return statistics;
    }

    private Tensor tensor(Value value) {
        return stored.get(value.index()).orElseThrow();
    }

    /** Declares that the phase computes gradients even in a run without training. */
    void needAutograd() {
        autogradNeeded = true;
    }

    boolean needsAutograd() {
        return autogradNeeded;
    }

    List<Instruction> instructions() {
        return instructions;
    }

    Map<String, Value> inputs() {
        return inputs;
    }

    List<Value> constants() {
        return constants;
    }

    Map<ParameterKey, Value> parameters() {
        return parameters;
    }

    Set<TorchVariables> trainedVariables() {
        return trainedVariables;
    }

    List<RunningStatistics> runningStatistics() {
        return runningStatistics;
    }

    List<Optional<Tensor>> stored() {
        return stored;
    }
}
