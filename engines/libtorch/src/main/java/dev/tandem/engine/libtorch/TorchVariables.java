package dev.tandem.engine.libtorch;

import dev.tandem.model.engine.Adam;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.tensor.Shape;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The parameters of a network, stored as one flat tensor per kind: Adam then updates all of them with one operation. */
final class TorchVariables implements Variables, AutoCloseable {
    private final List<ParameterSpec> specs;
    private final Placement placement;
    private final Map<String, Range> ranges = new HashMap<>();
    private final Map<Kind, Tensor> flat = new EnumMap<>(Kind.class);
    private final Tensor updatesOnDevice;
    private final Tensor gradientNorm;
    private long updates;

    /** The place of a parameter in the flat tensors. */
    private record Range(long from, Shape shape) {}

    TorchVariables(List<ParameterSpec> specs, Placement placement, List<Kind> kinds) {
        this.specs = List.copyOf(specs);
        this.placement = placement;
        long size = 0;
        for (ParameterSpec spec : specs) {
            ranges.put(spec.name(), new Range(size, spec.shape()));
            size += spec.shape().size();
        }
        for (Kind kind : kinds) {
            flat.put(kind, placement.zeros(size));
        }
        this.updatesOnDevice = placement.zeros();
        this.gradientNorm = placement.zeros();
    }

    @Override
    public List<ParameterSpec> specs() {
        return specs;
    }

    @Override
    public dev.tandem.model.tensor.Tensor read(Kind kind, String name) {
        float[] elements = NativeMemory.freeAfter(() -> placement.readFloats(view(kind, name)));
        return new dev.tandem.model.tensor.Tensor(range(name).shape(), elements);
    }

    @Override
    public void write(Kind kind, String name, dev.tandem.model.tensor.Tensor tensor) {
        if (!tensor.shape().equals(range(name).shape())) {
            throw new IllegalArgumentException(
                    "parameter " + name + ": expected " + range(name).shape() + ", got " + tensor.shape());
        }
        NativeMemory.free(() -> placement.write(tensor.data(), view(kind, name)));
    }

    @Override
    public long updates() {
        return updates;
    }

    @Override
    public void setUpdates(long updates) {
        this.updates = updates;
    }

    /**
     * The value of a parameter for a program, which the caller must close.
     *
     * @param trainable whether autograd computes its gradient
     */
    Tensor value(String name, boolean trainable) {
        return NativeMemory.keep(() -> {
            Tensor value = view(Kind.VALUE, name).detach();
            value.set_requires_grad(trainable);
            return value;
        });
    }

    /** Euclidean norm of the last computed gradient. The next call overwrites it. */
    Tensor gradientNorm() {
        NativeMemory.free(() -> gradientNorm.copy_(torch.linalg_vector_norm(flat(Kind.GRADIENT))));
        return gradientNorm;
    }

    Tensor flat(Kind kind) {
        return Optional.ofNullable(flat.get(kind))
                .orElseThrow(() -> new IllegalArgumentException("these variables have no " + kind));
    }

    private Tensor view(Kind kind, String name) {
        Range range = range(name);
        return placement.view(flat(kind).narrow(0, range.from(), range.shape().size()), range.shape());
    }

    /** @param gradients by name; empty: the loss does not depend on the parameter */
    void setGradients(Function<String, Optional<Tensor>> gradients) {
        NativeMemory.free(() -> {
            Tensor[] parts = specs.stream()
                    .map(spec -> placement.flatten(gradients
                            .apply(spec.name())
                            .orElseGet(() -> torch.zeros_like(view(Kind.VALUE, spec.name())))))
                    .toArray(Tensor[]::new);
            torch.cat_out(flat(Kind.GRADIENT), new TensorVector(parts), 0);
        });
    }

    /** Takes an Adam step with the gradients. */
    void update(Adam adam) {
        updates++;
        NativeMemory.free(() -> {
            updatesOnDevice.fill_(new Scalar((double) updates));
            FusedAdam.update(
                    adam,
                    flat(Kind.VALUE),
                    flat(Kind.GRADIENT),
                    flat(Kind.FIRST_MOMENT),
                    flat(Kind.SECOND_MOMENT),
                    updatesOnDevice);
        });
    }

    @Override
    public void close() {
        flat.values().forEach(Tensor::close);
        updatesOnDevice.close();
        gradientNorm.close();
    }

    private Range range(String name) {
        return Optional.ofNullable(ranges.get(name))
                .orElseThrow(() -> new IllegalArgumentException("there is no parameter " + name));
    }
}
