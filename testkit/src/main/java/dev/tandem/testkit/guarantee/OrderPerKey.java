package dev.tandem.testkit.guarantee;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Order per key: items of one key leave in the order in which they entered. Items of different keys may overtake each
 * other.
 *
 * @param out the items in the order of the output
 */
public record OrderPerKey(List<Item> out) implements Guarantee {

    /** @param number position of the item in the input, for instance its offset; it grows within a key */
    public record Item(String key, long number) {}

    @Override
    public List<String> violations() {
        List<String> violations = new ArrayList<>();
        Map<String, Long> lastNumbers = new HashMap<>();
        for (Item item : out) {
            Long last = lastNumbers.put(item.key(), item.number());
            if (last != null && last > item.number()) {
                violations.add(item.key() + ": " + item.number() + " follows " + last);
            }
        }
        return violations;
    }
}
