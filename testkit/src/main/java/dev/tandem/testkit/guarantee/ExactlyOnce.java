package dev.tandem.testkit.guarantee;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Everything that went in came out once, and nothing else did. */
public record ExactlyOnce(Collection<String> in, Collection<String> out) implements Guarantee {

    @Override
    public List<String> violations() {
        Map<String, Long> counts = out.stream().collect(groupingBy(Function.identity(), TreeMap::new, counting()));
        Set<String> expected = Set.copyOf(in);
        Stream<String> lost = new NoLoss(in, out).violations().stream();
        Stream<String> repeated = counts.entrySet().stream()
                .filter(each -> each.getValue() > 1)
                .map(each -> each.getKey() + " came " + each.getValue() + " times");
        Stream<String> unasked = counts.keySet().stream()
                .filter(each -> !expected.contains(each))
                .map(each -> each + " was never asked for");
        return Stream.of(lost, repeated, unasked).flatMap(Function.identity()).toList();
    }
}
