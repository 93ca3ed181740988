package dev.tandem.model.validation;

import dev.tandem.model.tensor.PixelBytes;
import dev.tandem.model.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Collects the pairs that a stream holds out, until there are enough inputs. Pairs with the same A are one input with several
 * true Bs.
 */
public final class HeldOutCollection {
    /** More Bs tell little more about a distribution, and the number of pairs before the last input has no limit. */
    private static final int MAX_OUTPUTS = 16;

    private final int inputs;
    private final Map<ByteBuffer, Input> collected = new LinkedHashMap<>();

    /** An input with its different outputs. */
    private record Input(Tensor a, Map<ByteBuffer, Tensor> outputs) {}

    /** @param inputs number of different As */
    public HeldOutCollection(int inputs) {
        this.inputs = inputs;
    }

    /**
     * Adds a pair; later pairs of a full collection are ignored.
     *
     * @param a (1, C, H, W) in [-1, 1]
     * @param b (1, C', H, W) in [-1, 1]
     * @return all pairs, when this one completes the collection
     */
    public Optional<HeldOutPairs> add(Tensor a, Tensor b) {
        if (collected.size() == inputs) {
            return Optional.empty();
        }
        Map<ByteBuffer, Tensor> outputs = collected
                .computeIfAbsent(ByteBuffer.wrap(PixelBytes.of(a)), key -> new Input(rounded(a), new LinkedHashMap<>()))
                .outputs();
        if (outputs.size() < MAX_OUTPUTS) {
            outputs.putIfAbsent(ByteBuffer.wrap(PixelBytes.of(b)), rounded(b));
        }
        return collected.size() == inputs ? Optional.of(pairs()) : Optional.empty();
    }

    private HeldOutPairs pairs() {
        List<Tensor> as = new ArrayList<>();
        List<List<Tensor>> bs = new ArrayList<>();
        collected.values().forEach(input -> {
            as.add(input.a());
            bs.add(List.copyOf(input.outputs().values()));
        });
        return new HeldOutPairs(as, bs);
    }

    /** As {@link HeldOutFile} will return it, so that the scores of later runs are comparable. */
    private static Tensor rounded(Tensor image) {
        return PixelBytes.image(image.shape(), PixelBytes.of(image));
    }
}
