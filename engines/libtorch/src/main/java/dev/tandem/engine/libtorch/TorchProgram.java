package dev.tandem.engine.libtorch;

import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.tensor.DeviceTensor;
import dev.tandem.model.tensor.Input;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.pytorch.Tensor;

/** A compiled phase: its instructions, and the tensors that they read but do not compute. */
final class TorchProgram implements Program, AutoCloseable {
    private final String name;
    private final Recorder recorder;
    private final Phase.Outputs<Value> outputs;
    private final Computation computation;
    private final Lifetimes lifetimes;
    /** The outputs of the last run. */
    private final List<Tensor> results = new ArrayList<>();

    private TorchProgram(String name, Recorder recorder, Phase.Outputs<Value> outputs, Computation computation) {
        this.name = name;
        this.recorder = recorder;
        this.outputs = outputs;
        this.computation = computation;
        List<Value> kept = new ArrayList<>(outputs.terms().values());
        kept.addAll(outputs.tensors().values());
        this.lifetimes = Lifetimes.of(recorder.instructions(), kept);
    }

    static TorchProgram compile(Phase phase, Computation computation) {
        Recorder recorder = new Recorder(computation.placement());
        return new TorchProgram(phase.name(), recorder, phase.build(recorder), computation);
    }

    /** Memory of inputs, constants and outputs, in bytes. They exist until the program closes. */
    long ownBytes() {
        long elements = Stream.of(
                        recorder.inputs().values(),
                        recorder.constants(),
                        outputs.terms().values(),
                        outputs.tensors().values())
                .flatMap(Collection::stream)
                .mapToLong(value -> value.shape().size())
                .sum();
        return elements * computation.placement().elementBytes();
    }

    /** Memory of intermediate values during a run, in bytes: an estimate, as libtorch allocates while it runs. */
    long workspaceBytes() {
        boolean differentiated = !recorder.trainedVariables().isEmpty() || recorder.needsAutograd();
        return lifetimes.peakElements(differentiated) * computation.placement().elementBytes();
    }

    @Override
    public Map<String, Shape> inputs() {
        Map<String, Shape> shapes = new LinkedHashMap<>();
        recorder.inputs().forEach((key, value) -> shapes.put(key, value.shape()));
        return shapes;
    }

    @Override
    public Results run(Map<String, ? extends Input> inputs) {
        writeInputs(inputs);
        return NativeMemory.withAutograd(recorder.needsAutograd(), () -> execute(false));
    }

    @Override
    public Results differentiate(Map<String, ? extends Input> inputs) {
        writeInputs(inputs);
        boolean trains = !recorder.trainedVariables().isEmpty();
        return NativeMemory.withAutograd(trains || recorder.needsAutograd(), () -> execute(trains));
    }

    private Results execute(boolean trains) {
        closeResults();
        try (Run run = new Run()) {
            computation.autocast().during(run::forward);
            if (trains) {
                computation.instrument().measure("backward", run::backward);
            }
            return run.results();
        }
    }

    @Override
    public void update(Adam adam) {
        computation.instrument().measure("_fused_adam_", () -> {
            recorder.runningStatistics().forEach(RunningStatistics::update);
            recorder.trainedVariables().forEach(variables -> variables.update(adam));
        });
    }

    @Override
    public void close() {
        closeResults();
        recorder.runningStatistics().forEach(RunningStatistics::close);
        recorder.stored().forEach(tensor -> tensor.ifPresent(Tensor::close));
    }

    private void closeResults() {
        results.forEach(Tensor::close);
        results.clear();
    }

    private void writeInputs(Map<String, ? extends Input> given) {
        if (!given.keySet().equals(recorder.inputs().keySet())) {
            throw new IllegalArgumentException(
                    name + ": expected the inputs " + recorder.inputs().keySet() + ", got " + given.keySet());
        }
        recorder.inputs().forEach((key, value) -> {
            Input input = given.get(key);
            if (!input.shape().equals(value.shape())) {
                throw new IllegalArgumentException(
                        name + ": expected input " + key + " of shape " + value.shape() + ", got " + input.shape());
            }
            write(input, recorder.stored().get(value.index()).orElseThrow());
        });
    }

    private void write(Input input, Tensor target) {
        if (input instanceof TorchTensor onDevice) {
            NativeMemory.free(() -> target.copy_(onDevice.tensor()));
        } else {
            computation.placement().write(((dev.tandem.model.tensor.Tensor) input).data(), target);
        }
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
                computation
                        .instrument()
                        .measure(
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
                Map<Recorder.ParameterKey, Tensor> gradients = Gradients.of(loss, leaves);
                recorder.trainedVariables()
                        .forEach(variables -> variables.setGradients(parameter -> Optional.ofNullable(
                                gradients.get(new Recorder.ParameterKey(variables, parameter, true)))));
            });
        }

        Results results() {
            return new Results(kept(outputs.terms()), kept(outputs.tensors()));
        }

        /** Keeps outputs until the next run, without the values from which autograd would compute gradients. */
        private Map<String, DeviceTensor> kept(Map<String, Value> values) {
            Map<String, DeviceTensor> kept = new LinkedHashMap<>();
            values.forEach((key, value) -> {
                Tensor detached = NativeMemory.keep(() -> tensor(value).detach());
                results.add(detached);
                kept.put(key, new TorchTensor(detached, value.shape(), computation.placement()));
            });
            return kept;
        }

        private Tensor tensor(Value value) {
            return recorder.stored().get(value.index()).orElseGet(() -> computed.get(value.index()));
        }

        @Override
        public void close() {
            computed.values().forEach(Tensor::close);
        }
    }
}
