package dev.tandem.evaluation.data;

import dev.tandem.config.UserError;
import dev.tandem.model.train.Noise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Inputs for evaluation, with their true outputs. They should be held out from training.
 *
 * @param attribution authors and license of the images; may be empty
 */
public record TestSet(String name, String attribution, List<TestInput> inputs) {
    private static final int MIN_INPUTS = 2;

    public TestSet {
        inputs = List.copyOf(inputs);
    }

    /** @throws UserError if there are too few inputs for an evaluation */
    TestSet requireEnough() {
        if (inputs.size() < MIN_INPUTS) {
            throw new UserError(name + " has " + inputs.size() + (inputs.size() == 1 ? " input" : " inputs")
                    + "; an evaluation needs at least " + MIN_INPUTS);
        }
        return this;
    }

    /**
     * Selects inputs, the same ones each time. Half of them have several correct outputs. If there are too few of one kind,
     * inputs of the other kind fill the rest.
     *
     * @param count number of inputs to select; all inputs if there are fewer
     */
    public TestSet subset(int count) {
        List<TestInput> shuffled = inputs.stream()
                .sorted(Comparator.comparing(input -> Noise.hash(0, "evaluate." + input.name())))
                .toList();
        List<TestInput> withModes =
                shuffled.stream().filter(TestInput::hasModes).toList();
        List<TestInput> others =
                shuffled.stream().filter(input -> !input.hasModes()).toList();
        int countWithModes = Math.min(withModes.size(), Math.max((count + 1) / 2, count - others.size()));
        List<TestInput> selected = new ArrayList<>(withModes.subList(0, countWithModes));
        selected.addAll(others.subList(0, Math.min(others.size(), count - countWithModes)));
        return new TestSet(name, attribution, selected);
    }
}
