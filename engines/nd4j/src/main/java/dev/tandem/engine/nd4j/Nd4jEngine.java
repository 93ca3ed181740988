package dev.tandem.engine.nd4j;

import dev.tandem.config.Device;
import dev.tandem.config.MemoryLimits;
import dev.tandem.model.engine.DeviceMemory;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.MemoryBudget;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.tensor.DeviceTensor;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The engine on ND4J's native library, in one data type on one device. */
final class Nd4jEngine implements Engine {
    private final DataType type;
    private final String device;
    private final MemoryBudget memory;
    private final BufferPool pool;
    private final UnaryOperator<Runnable> instrument;
    private final List<Nd4jVariables> variables = new ArrayList<>();

    Nd4jEngine(DataType type, String device) {
        this(type, device, MemoryBudget.of(Device.CPU, MemoryLimits.NONE), UnaryOperator.identity());
    }

    /** @param instrument wraps each native operation, for instance to measure it */
    Nd4jEngine(DataType type, String device, MemoryBudget memory, UnaryOperator<Runnable> instrument) {
        this.type = type;
        this.device = device;
        this.memory = memory;
        this.instrument = instrument;
        this.pool = new BufferPool(type, memory);
        // The engine frees its arrays itself, so ND4J's periodic garbage collections would only cost pauses.
        Nd4j.getMemoryManager().togglePeriodicGc(false);
    }

    @Override
    public String name() {
        return Nd4jProvider.NAME;
    }

    @Override
    public String device() {
        return device;
    }

    @Override
    public Variables allocate(List<ParameterSpec> specs) {
        return allocate(specs, List.of(Kind.values()));
    }

    @Override
    public Variables allocateConstant(List<ParameterSpec> specs) {
        return allocate(specs, List.of(Kind.VALUE));
    }

    private Variables allocate(List<ParameterSpec> specs, List<Kind> kinds) {
        Nd4jVariables allocated = new Nd4jVariables(specs, type, kinds, memory);
        variables.add(allocated);
        return allocated;
    }

    @Override
    public DeviceMemory memory() {
        return memory.memory();
    }

    @Override
    public Program compile(Phase phase) {
        return Nd4jProgram.compile(phase, type, pool, instrument);
    }

    @Override
    public void average(Variables average, Variables source, double decay) {
        INDArray a = values(average);
        INDArray s = values(source);
        // a = decay a + (1 - decay) s without a temporary array: a -= s, a *= decay, a += s.
        a.subi(s).muli(decay).addi(s);
        ((Nd4jVariables) average).markChanged();
    }

    @Override
    public DeviceTensor gradientNorm(Variables variables) {
        INDArray gradient = ((Nd4jVariables) variables).flat(Kind.GRADIENT);
        double norm = Math.sqrt(Nd4j.getBlasWrapper().dot(gradient, gradient));
        return new Nd4jTensor(Nd4j.scalar(norm), Shape.SCALAR);
    }

    @Override
    public Map<String, double[]> fetch(Map<String, DeviceTensor> tensors) {
        Map<String, double[]> elements = new HashMap<>();
        tensors.forEach((name, tensor) -> elements.put(name, tensor.readDoubles()));
        return elements;
    }

    @Override
    public void copy(Variables from, Variables to) {
        values(to).assign(values(from));
        ((Nd4jVariables) to).markChanged();
    }

    @Override
    public void close() {
        variables.forEach(Nd4jVariables::close);
        variables.clear();
        pool.close();
        memory.releaseAll();
    }

    private static INDArray values(Variables variables) {
        return ((Nd4jVariables) variables).flat(Kind.VALUE);
    }
}
