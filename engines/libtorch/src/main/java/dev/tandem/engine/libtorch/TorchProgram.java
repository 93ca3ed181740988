package dev.tandem.engine.libtorch;

import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.tensor.DeviceTensor;
import dev.tandem.model.tensor.Input;
import dev.tandem.model.tensor.Shape;
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
    /** Terms and tensors, each once. */
    private final List<Value> outputValues;

    private final ProgramOutputs results;
    private final ReplayedWork inference;
    private final ReplayedWork training;

    private TorchProgram(String name, Recorder recorder, Phase.Outputs<Value> outputs, Computation computation) {
        this.name = name;
        this.recorder = recorder;
        this.outputs = outputs;
        this.computation = computation;
        this.outputValues = Stream.of(
                        outputs.terms().values(), outputs.tensors().values())
                .flatMap(Collection::stream)
                .distinct()
                .toList();
        this.lifetimes = Lifetimes.of(recorder.instructions(), outputValues);
        this.results = new ProgramOutputs(computation.graphs().isEnabled());
        this.inference = new ReplayedWork(computation.graphs());
        this.training = new ReplayedWork(computation.graphs());
    }

    static TorchProgram compile(Phase phase, Computation computation) {
        Recorder recorder = new Recorder(computation.placement());
        try {
            return new TorchProgram(phase.name(), recorder, phase.build(recorder), computation);
        } catch (RuntimeException e) {
            recorder.close();
            throw e;
        }
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
        return NativeMemory.withAutograd(recorder.needsAutograd(), () -> execute(inference, false));
    }

    @Override
    public Results differentiate(Map<String, ? extends Input> inputs) {
        writeInputs(inputs);
        boolean trains = !recorder.trainedVariables().isEmpty();
        return NativeMemory.withAutograd(
                trains || recorder.needsAutograd(), () -> execute(trains ? training : inference, trains));
    }

    private Results execute(ReplayedWork work, boolean trains) {
        results.prepare();
        work.run(() -> {
            try (Run run = new Run()) {
                computation.autocast().during(run::forward);
                if (trains) {
                    computation.instrument().measure("backward", run::backward);
                }
                outputValues.forEach(value -> results.keep(value, run.tensor(value)));
            }
        });
        return new Results(onDevice(outputs.terms()), onDevice(outputs.tensors()));
    }

    private Map<String, DeviceTensor> onDevice(Map<String, Value> values) {
        Map<String, DeviceTensor> tensors = new LinkedHashMap<>();
        values.forEach((key, value) ->
                tensors.put(key, new TorchTensor(results.tensor(value), value.shape(), computation.placement())));
        return tensors;
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
        inference.close();
        training.close();
        results.close();
        recorder.close();
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
            computation.placement().upload(((dev.tandem.model.tensor.Tensor) input).data(), target);
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

        Tensor tensor(Value value) {
            return recorder.stored().get(value.index()).orElseGet(() -> computed.get(value.index()));
        }

        @Override
        public void close() {
            computed.values().forEach(Tensor::close);
        }
    }
}
