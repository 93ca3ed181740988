package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The engine on ND4J's native library. */
public final class Nd4jEngine implements Engine {
    private final DataType type;
    private final String device;
    private final MemoryBudget memory;
    private final BufferPool pool;
    private final UnaryOperator<Runnable> watched;
    private final List<Nd4jVariables> variables = new ArrayList<>();

    Nd4jEngine(DataType type, String device) {
        this(type, device, MemoryBudget.ofMachine(), UnaryOperator.identity());
    }

    /** @param watched what is run in a native operation's place */
    Nd4jEngine(DataType type, String device, MemoryBudget memory, UnaryOperator<Runnable> watched) {
        this.type = type;
        this.device = device;
        this.memory = memory;
        this.watched = watched;
        this.pool = new BufferPool(type, memory);
        // Everything of size is planned or closed by hand; the collector's periodic runs would only stop the world.
        Nd4j.getMemoryManager().togglePeriodicGc(false);
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
    public long bytes() {
        return memory.bytes();
    }

    @Override
    public Program compile(Phase phase) {
        return Nd4jProgram.compile(phase, type, pool, watched);
    }

    @Override
    public void average(Variables average, Variables source, double decay) {
        INDArray target = values(average);
        // a = decay a + (1 - decay) s, without a third array: a -= s, a *= decay, a += s.
        INDArray current = values(source);
        target.subi(current).muli(decay).addi(current);
        ((Nd4jVariables) average).changed();
    }

    @Override
    public double gradientNorm(Variables variables) {
        INDArray gradient = ((Nd4jVariables) variables).flat(Kind.GRADIENT);
        return Math.sqrt(Nd4j.getBlasWrapper().dot(gradient, gradient));
    }

    @Override
    public void copy(Variables from, Variables to) {
        values(to).assign(values(from));
        ((Nd4jVariables) to).changed();
    }

    @Override
    public void close() {
        variables.forEach(Nd4jVariables::close);
        variables.clear();
        pool.close();
        memory.release(memory.bytes());
    }

    private static INDArray values(Variables variables) {
        return ((Nd4jVariables) variables).flat(Kind.VALUE);
    }
}
