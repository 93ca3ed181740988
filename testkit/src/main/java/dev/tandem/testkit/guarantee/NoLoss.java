package dev.tandem.testkit.guarantee;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/**
 * At least once: every input appears in the output.
 *
 * @param in ids of the inputs
 * @param out ids of the outputs; repeated and additional ids are allowed
 */
public record NoLoss(Collection<String> in, Collection<String> out) implements Guarantee {

    @Override
    public List<String> violations() {
        Set<String> present = Set.copyOf(out);
        return in.stream()
                .filter(id -> !present.contains(id))
                .map(id -> id + " is missing")
                .toList();
    }
}
