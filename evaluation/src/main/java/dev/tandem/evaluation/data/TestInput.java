package dev.tandem.evaluation.data;

import dev.tandem.evaluation.metric.HueModes;
import dev.tandem.evaluation.metric.Modes;
import dev.tandem.evaluation.metric.TruthModes;
import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;

/**
 * An input with its true answers.
 *
 * @param names of the pairs that it is the A of
 * @param a (1, C, H, W)
 * @param truths (1, C', H, W) each, no two the same
 * @param anyHue whether a fill of any hue is true, and the truths are examples
 */
public record TestInput(List<String> names, Tensor a, List<Tensor> truths, boolean anyHue) {
    /** More are no list of modes, but examples of something wide, such as all flags on one outline. */
    private static final int MOST_MODES = 12;

    private static final int COLOURS = 3;

    public TestInput {
        names = List.copyOf(names);
        truths = List.copyOf(truths);
    }

    public String name() {
        return names.get(0);
    }

    /** Whether it has several true answers that can be told apart and counted. */
    public boolean hasModes() {
        return truths.size() > 1
                && (anyHue ? truths.get(0).shape().channels() >= COLOURS : truths.size() <= MOST_MODES);
    }

    public Optional<Modes> modes() {
        if (!hasModes()) {
            return Optional.empty();
        }
        return Optional.of(anyHue ? new HueModes(truths) : new TruthModes(truths));
    }
}
