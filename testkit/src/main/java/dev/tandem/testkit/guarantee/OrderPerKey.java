package dev.tandem.testkit.guarantee;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What has the same key came out in the order in which it went in.
 *
 * @param out in the order in which it came out
 */
public record OrderPerKey(List<Item> out) implements Guarantee {

    /** @param number the place among those of its key when it went in */
    public record Item(String key, long number) {}

    @Override
    public List<String> violations() {
        List<String> violations = new ArrayList<>();
        Map<String, Long> last = new HashMap<>();
        for (Item item : out) {
            Long before = last.put(item.key(), item.number());
            if (before != null && before > item.number()) {
                violations.add(item.key() + ": " + item.number() + " came after " + before);
            }
        }
        return violations;
    }
}
