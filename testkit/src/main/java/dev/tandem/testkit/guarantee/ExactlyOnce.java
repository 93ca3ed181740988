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

/**
 * Exactly once: every input appears once in the output, and the output has nothing else.
 *
 * @param in ids of the inputs
 * @param out ids of the outputs, in any order
 */
public record ExactlyOnce(Collection<String> in, Collection<String> out) implements Guarantee {

    @Override
    public List<String> violations() {
        Map<String, Long> counts = out.stream().collect(groupingBy(Function.identity(), TreeMap::new, counting()));
        Set<String> expected = Set.copyOf(in);
        Stream<String> missing = new NoLoss(in, out).violations().stream();
        Stream<String> repeated = counts.entrySet().stream()
                .filter(entry -> entry.getValue() > 1)
                .map(entry -> entry.getKey() + " appears " + entry.getValue() + " times");
        Stream<String> unexpected =
                counts.keySet().stream().filter(id -> !expected.contains(id)).map(id -> id + " is not an input");
        return Stream.of(missing, repeated, unexpected)
                .flatMap(Function.identity())
                .toList();
    }
}
