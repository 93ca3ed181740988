package dev.tandem.model.validation;

import dev.tandem.model.tensor.PixelBytes;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Collects the pairs that a stream holds out, until there are enough inputs. Pairs with the same A are one input with several
 * true Bs. Until then, images are bytes, as in a file.
 */
public final class HeldOutCollection {
    /** More Bs tell little more about a distribution, and the number of pairs before the last input has no limit. */
    private static final int MAX_OUTPUTS = 16;

    private final int inputs;
    /** The different Bs of each A. */
    private final Map<ByteBuffer, Set<ByteBuffer>> collected = new LinkedHashMap<>();

    private boolean isComplete;

    /** @param inputs number of different As */
    public HeldOutCollection(int inputs) {
        this.inputs = inputs;
    }

    /**
     * Adds a pair; pairs after the last input are ignored.
     *
     * @param a (1, C, H, W) in [-1, 1]
     * @param b (1, C', H, W) in [-1, 1]
     * @return all pairs, when this one completes the collection
     */
    public Optional<HeldOutPairs> add(Tensor a, Tensor b) {
        if (isComplete) {
            return Optional.empty();
        }
        Set<ByteBuffer> outputs = collected.computeIfAbsent(bytes(a), key -> new LinkedHashSet<>());
        if (outputs.size() < MAX_OUTPUTS) {
            outputs.add(bytes(b));
        }
        if (collected.size() < inputs) {
            return Optional.empty();
        }
        isComplete = true;
        HeldOutPairs pairs = pairs(a.shape(), b.shape());
        collected.clear();
        return Optional.of(pairs);
    }

    private HeldOutPairs pairs(Shape a, Shape b) {
        List<Tensor> as = new ArrayList<>();
        List<List<Tensor>> bs = new ArrayList<>();
        collected.forEach((input, outputs) -> {
            as.add(PixelBytes.image(a, input.array()));
            bs.add(outputs.stream()
                    .map(output -> PixelBytes.image(b, output.array()))
                    .toList());
        });
        return new HeldOutPairs(as, bs);
    }

    private static ByteBuffer bytes(Tensor image) {
        return ByteBuffer.wrap(PixelBytes.of(image));
    }
}
