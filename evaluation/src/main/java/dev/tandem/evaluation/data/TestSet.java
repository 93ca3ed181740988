package dev.tandem.evaluation.data;

import dev.tandem.model.train.Noise;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Inputs that were held back from training.
 *
 * @param attribution whom the pictures are owed to; may be empty
 */
public record TestSet(String name, String attribution, List<TestInput> inputs) {

    public TestSet {
        inputs = List.copyOf(inputs);
    }

    /**
     * Some of them, the same each time: those with several answers first, but only up to half unless there are too few
     * others.
     */
    public TestSet some(int count) {
        List<TestInput> shuffled = inputs.stream()
                .sorted(Comparator.comparing(input -> Noise.hash(0, "evaluate." + input.name())))
                .toList();
        List<TestInput> several = shuffled.stream().filter(TestInput::hasModes).toList();
        List<TestInput> single =
                shuffled.stream().filter(input -> !input.hasModes()).toList();
        int ofSeveral = Math.min(several.size(), Math.max((count + 1) / 2, count - single.size()));
        List<TestInput> some = new ArrayList<>(several.subList(0, ofSeveral));
        some.addAll(single.subList(0, Math.min(single.size(), count - ofSeveral)));
        return new TestSet(name, attribution, some);
    }
}
