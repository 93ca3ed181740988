package dev.tandem.testkit.guarantee;

import java.util.List;

/**
 * Memory does not grow: after a warm-up, the middle of the last third of the readings is at most so much above that of
 * the first third, and no reading is above the limit.
 *
 * @param bytes readings at even times, the warm-up left out
 * @param tolerance 0.1: a tenth
 * @param limit the most there may be at any time
 */
public record BoundedMemory(List<Long> bytes, double tolerance, long limit) implements Guarantee {
    private static final int FEWEST = 9;

    @Override
    public List<String> violations() {
        if (bytes.size() < FEWEST) {
            return List.of(bytes.size() + " readings say nothing");
        }
        int third = bytes.size() / 3;
        long early = median(bytes.subList(0, third));
        long late = median(bytes.subList(bytes.size() - third, bytes.size()));
        long most = bytes.stream().mapToLong(Long::longValue).max().orElseThrow();
        if (late > early * (1 + tolerance)) {
            return List.of("memory grew from " + early + " to " + late + " bytes");
        }
        return most > limit ? List.of("memory reached " + most + " bytes, beyond " + limit) : List.of();
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
