package dev.tandem.testkit.guarantee;

import java.util.Collection;
import java.util.List;
import java.util.Set;

/** Everything that went in came out, at least once. */
public record NoLoss(Collection<String> in, Collection<String> out) implements Guarantee {

    @Override
    public List<String> violations() {
        Set<String> came = Set.copyOf(out);
        return in.stream()
                .filter(each -> !came.contains(each))
                .map(each -> each + " was lost")
                .toList();
    }
}
