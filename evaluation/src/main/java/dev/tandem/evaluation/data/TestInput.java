package dev.tandem.evaluation.data;

import dev.tandem.evaluation.metric.HueModes;
import dev.tandem.evaluation.metric.Modes;
import dev.tandem.evaluation.metric.TruthModes;
import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * An input A with its true outputs B.
 *
 * @param names names of the pairs that have this A
 * @param a (1, C, H, W) in [-1, 1]
 * @param truths the true Bs, (1, C', H, W) each, without duplicates
 * @param anyHue whether a fill of any hue is correct; the truths are then examples
 */
public record TestInput(List<String> names, Tensor a, List<Tensor> truths, boolean anyHue) {
    /** More truths are not modes but examples of a broad distribution, such as all flags of one outline. */
    private static final int MAX_MODES = 12;

    private static final int RGB_CHANNELS = 3;

    public TestInput {
        names = List.copyOf(names);
        truths = List.copyOf(truths);
    }

    /** The name of the first pair. */
    public String name() {
        return names.get(0);
    }

    /** Whether the input has several correct outputs that can be distinguished and counted. */
    public boolean hasModes() {
        return truths.size() > 1
                && (anyHue ? truths.get(0).shape().channels() >= RGB_CHANNELS : truths.size() <= MAX_MODES);
    }

    /** The correct outputs; empty unless {@link #hasModes}. */
    public Optional<Modes> modes() {
        if (!hasModes()) {
            return Optional.empty();
        }
        return Optional.of(anyHue ? new HueModes(truths) : new TruthModes(truths));
    }
}
