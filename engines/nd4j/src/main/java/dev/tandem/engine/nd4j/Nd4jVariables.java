package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.MemoryBudget;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The parameters of a network, stored as one flat array per kind: Adam then updates all of them with few operations. */
final class Nd4jVariables implements Variables {
    private final List<ParameterSpec> specs;
    private final Map<String, Range> ranges = new HashMap<>();
    private final Map<Kind, INDArray> flat = new EnumMap<>(Kind.class);
    private final Map<String, CachedValue> cache = new HashMap<>();
    private final DataType type;
    private final MemoryBudget memory;
    private long updates;
    private long version;

    /** The place of a parameter in the flat arrays. */
    private record Range(int from, Shape shape) {}

    /** A value that programs compute from one parameter, and the version of the parameters that it belongs to. */
    final class CachedValue {
        private final INDArray array;
        private long cachedVersion = -1;

        private CachedValue(Shape shape) {
            memory.reserve((long) shape.size() * type.width());
            array = Nd4j.createUninitializedDetached(type, Kernels.dimensions(shape));
        }

        INDArray array() {
            return array;
        }

        boolean isStale() {
            return cachedVersion != version;
        }

        void markCurrent() {
            cachedVersion = version;
        }
    }

    /** @throws dev.tandem.config.SettingsException if the memory exceeds the limit */
    Nd4jVariables(List<ParameterSpec> specs, DataType type, List<Kind> kinds, MemoryBudget memory) {
        this.specs = List.copyOf(specs);
        this.type = type;
        this.memory = memory;
        int size = 0;
        for (ParameterSpec spec : specs) {
            ranges.put(spec.name(), new Range(size, spec.shape()));
            size = Math.addExact(size, spec.shape().size());
        }
        memory.reserve((long) size * type.width() * kinds.size());
        for (Kind kind : kinds) {
            flat.put(kind, Nd4j.zeros(type, size));
        }
    }

    @Override
    public List<ParameterSpec> specs() {
        return specs;
    }

    @Override
    public Tensor read(Kind kind, String name) {
        return Transfer.read(array(kind, name), range(name).shape());
    }

    @Override
    public void write(Kind kind, String name, Tensor tensor) {
        if (!tensor.shape().equals(range(name).shape())) {
            throw new IllegalArgumentException(
                    "parameter " + name + ": expected " + range(name).shape() + ", got " + tensor.shape());
        }
        Transfer.write(array(kind, name), tensor);
        markChanged();
    }

    @Override
    public long updates() {
        return updates;
    }

    @Override
    public void setUpdates(long updates) {
        this.updates = updates;
    }

    INDArray array(Kind kind, String name) {
        Range range = range(name);
        return flat(kind)
                .get(NDArrayIndex.interval(
                        range.from(), range.from() + range.shape().size()))
                .reshape('c', Kernels.dimensions(range.shape()));
    }

    INDArray flat(Kind kind) {
        INDArray array = flat.get(kind);
        if (array == null) {
            throw new IllegalArgumentException("these variables have no " + kind);
        }
        return array;
    }

    /** Takes an Adam step. Scales epsilon: the native operation adds it before the bias correction, PyTorch after it. */
    void update(Adam adam) {
        double epsilon = adam.epsilon() * Math.sqrt(1 - Math.pow(adam.beta2(), updates + 1));
        INDArray gradient = flat(Kind.GRADIENT);
        INDArray first = flat(Kind.FIRST_MOMENT);
        INDArray second = flat(Kind.SECOND_MOMENT);
        // The gradient is not needed afterwards, so its array receives the update.
        Nd4j.exec(DynamicCustomOp.builder("adam_updater")
                .addInputs(gradient, second, first)
                .addOutputs(gradient, second, first)
                .addFloatingPointArguments(adam.learningRate(), adam.beta1(), adam.beta2(), epsilon)
                .addIntegerArguments((int) updates)
                .build());
        flat(Kind.VALUE).subi(gradient);
        updates++;
        markChanged();
    }

    /** Marks the values as changed, so that cached values become stale. */
    void markChanged() {
        version++;
    }

    /** The cached value of a parameter, which all programs share. */
    CachedValue cachedValue(String parameter, Shape shape) {
        return cache.computeIfAbsent(parameter, key -> new CachedValue(shape));
    }

    void close() {
        flat.values().forEach(INDArray::close);
        cache.values().forEach(value -> value.array().close());
    }

    private Range range(String name) {
        Range range = ranges.get(name);
        if (range == null) {
            throw new IllegalArgumentException("there is no parameter " + name);
        }
        return range;
    }
}
