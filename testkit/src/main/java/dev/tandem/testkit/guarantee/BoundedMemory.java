package dev.tandem.testkit.guarantee;

import java.util.Collections;
import java.util.List;

/**
 * Bounded memory: memory neither grows nor exceeds a limit. It grows if the median of the last third of the readings is
 * larger than the median of the first third by more than the tolerance.
 *
 * @param bytes readings at regular intervals, without the warm-up; at least 9
 * @param tolerance allowed growth as a fraction: 0.1 allows 10 %
 * @param limit upper bound of every reading, in bytes
 */
public record BoundedMemory(List<Long> bytes, double tolerance, long limit) implements Guarantee {
    private static final int MIN_READINGS = 9;

    @Override
    public List<String> violations() {
        if (bytes.size() < MIN_READINGS) {
            return List.of("the check needs at least " + MIN_READINGS + " readings, but there are " + bytes.size());
        }
        int third = bytes.size() / 3;
        long early = median(bytes.subList(0, third));
        long late = median(bytes.subList(bytes.size() - third, bytes.size()));
        if (late > early * (1 + tolerance)) {
            return List.of("memory grew from " + early + " to " + late + " bytes");
        }
        long peak = Collections.max(bytes);
        return peak > limit ? List.of("memory reached " + peak + " bytes, more than the limit of " + limit) : List.of();
    }

    private static long median(List<Long> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }
}
