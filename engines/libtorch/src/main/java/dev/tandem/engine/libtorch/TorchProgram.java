package dev.tandem.engine.libtorch;

import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** A compiled phase: its instructions, and the tensors that they read but do not compute. */
final class TorchProgram implements Program, AutoCloseable {
    private final String name;
    private final Recorder recorder;
    private final Phase.Outputs<Value> outputs;
    private final Placement placement;
    private final Lifetimes lifetimes;
    private final Instrument instrument;

    private TorchProgram(
            String name,
            Recorder recorder,
            Phase.Outputs<Value> outputs,
            Placement placement,
            Instrument instrument) {
        this.name = name;
        this.recorder = recorder;
        this.outputs = outputs;
        this.placement = placement;
        this.instrument = instrument;
        List<Value> results = new ArrayList<>(outputs.terms().values());
        results.addAll(outputs.tensors().values());
        this.lifetimes = Lifetimes.of(recorder.instructions(), results);
    }

    static TorchProgram compile(Phase phase, Placement placement, Instrument instrument) {
        Recorder recorder = new Recorder(placement);
        return new TorchProgram(phase.name(), recorder, phase.build(recorder), placement, instrument);
    }

    /** Memory of intermediate values and inputs during a run, in bytes: an estimate, as libtorch allocates while it runs. */
    long workspaceBytes() {
        return lifetimes.peakElements(!recorder.trainedVariables().isEmpty()) * placement.elementBytes();
    }

    @Override
    public Map<String, Shape> inputs() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        recorder.inputs().forEach((key, value) -> shapes.put(key, value.shape()));
        return shapes;
    }

    @Override
    public Results run(Map<String, dev.tandem.model.tensor.Tensor> inputs) {
        writeInputs(inputs);
        return NativeMemory.withAutograd(false, () -> execute(false));
    }

    @Override
    public Results differentiate(Map<String, dev.tandem.model.tensor.Tensor> inputs) {
        writeInputs(inputs);
        boolean trains = !recorder.trainedVariables().isEmpty();
        return NativeMemory.withAutograd(trains, () -> execute(trains));
    }

    private Results execute(boolean trains) {
        try (Run run = new Run()) {
            run.forward();
            if (trains) {
                instrument.measure("backward", run::backward);
            }
            return run.results();
        }
    }

    @Override
    public void update(Adam adam) {
        instrument.measure("_fused_adam_", () -> {
            recorder.runningStatistics().forEach(RunningStatistics::update);
            recorder.trainedVariables().forEach(variables -> variables.update(adam));
        });
    }

    @Override
    public void close() {
        recorder.runningStatistics().forEach(RunningStatistics::close);
        recorder.stored().forEach(tensor -> tensor.ifPresent(Tensor::close));
    }

    private void writeInputs(Map<String, dev.tandem.model.tensor.Tensor> tensors) {
        if (!tensors.keySet().equals(recorder.inputs().keySet())) {
            throw new IllegalArgumentException(
                    name + ": expected the inputs " + recorder.inputs().keySet() + ", got " + tensors.keySet());
        }
        recorder.inputs().forEach((key, value) -> {
            dev.tandem.model.tensor.Tensor tensor = tensors.get(key);
            if (!tensor.shape().equals(value.shape())) {
                throw new IllegalArgumentException(
                        name + ": expected input " + key + " of shape " + value.shape() + ", got " + tensor.shape());
            }
            placement.write(tensor.data(), recorder.stored().get(value.index()).orElseThrow());
        });
    }

    /** The tensors of one run, by index of the value. Each is closed after its last use. */
    private final class Run implements AutoCloseable {
        private final Map<Integer, Tensor> computed = new HashMap<>();

        void forward() {
            List<Instruction> instructions = recorder.instructions();
            for (int i = 0; i < instructions.size(); i++) {
                Instruction instruction = instructions.get(i);
                List<Tensor> operands =
                        instruction.operands().stream().map(this::tensor).toList();
                instrument.measure(
                        instruction.name(),
                        () -> computed.put(instruction.result().index(), instruction.run(operands)));
                lifetimes.endingAt(i).forEach(index -> computed.remove(index).close());
            }
        }

        /** Computes the gradients of the loss by all trainable parameters. */
        void backward() {
            Tensor loss = tensor(outputs.terms().get(Phase.Outputs.LOSS));
            Map<Recorder.ParameterKey, Tensor> leaves = new LinkedHashMap<>();
            recorder.parameters().forEach((key, value) -> {
                if (key.trainable()) {
                    leaves.put(key, tensor(value));
                }
            });
            NativeMemory.free(() -> {
                Map<Recorder.ParameterKey, Tensor> gradients = gradients(loss, leaves);
                recorder.trainedVariables()
                        .forEach(variables -> variables.setGradients(parameter -> Optional.ofNullable(
                                gradients.get(new Recorder.ParameterKey(variables, parameter, true)))));
            });
        }

        Results results() {
            Map<String, Double> terms = new HashMap<>();
            outputs.terms().forEach((key, value) -> terms.put(key, placement.readDoubles(tensor(value))[0]));
            Map<String, dev.tandem.model.tensor.Tensor> tensors = new HashMap<>();
            outputs.tensors()
                    .forEach((key, value) -> tensors.put(
                            key,
                            new dev.tandem.model.tensor.Tensor(value.shape(), placement.readFloats(tensor(value)))));
            return new Results(terms, tensors);
        }

        private Tensor tensor(Value value) {
            return recorder.stored().get(value.index()).orElseGet(() -> computed.get(value.index()));
        }

        @Override
        public void close() {
            computed.values().forEach(Tensor::close);
        }
    }

    /** The gradients of a loss by its leaves; a leaf on which it does not depend has none. */
    private static Map<Recorder.ParameterKey, Tensor> gradients(Tensor loss, Map<Recorder.ParameterKey, Tensor> leaves) {
        if (!loss.requires_grad()) {
            return Map.of();
        }
        TensorVector computed = torch.grad(
                new TensorVector(loss),
                new TensorVector(leaves.values().toArray(Tensor[]::new)),
                new TensorVector(),
                new BoolOptional(false),
                false,
                true);
        Map<Recorder.ParameterKey, Tensor> gradients = new HashMap<>();
        long index = 0;
        for (Recorder.ParameterKey key : leaves.keySet()) {
            Tensor gradient = computed.get(index++);
            if (gradient.defined()) {
                gradients.put(key, gradient);
            }
        }
        return gradients;
    }
}
