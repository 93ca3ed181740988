package dev.tandem.app.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The durations of repeated runs of one piece of work.
 *
 * @param millis one duration per run, in ascending order
 */
public record Timings(double[] millis) {
    private static final double NANOS_PER_MILLI = 1e6;

    public Timings {
        millis = millis.clone();
        Arrays.sort(millis);
    }

    /** Runs the work {@code warmUp} times without, and then {@code runs} times with a measurement. */
    public static Timings of(int warmUp, int runs, Runnable work) {
        for (int i = 0; i < warmUp; i++) {
            work.run();
        }
        double[] millis = new double[runs];
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            work.run();
            millis[i] = (System.nanoTime() - start) / NANOS_PER_MILLI;
        }
        return new Timings(millis);
    }

    public double median() {
        return quantile(0.5);
    }

    public double mean() {
        return Arrays.stream(millis).average().orElseThrow();
    }

    /** @param share of the runs that are faster, 0 to 1 */
    public double quantile(double share) {
        return millis[Math.min(millis.length - 1, (int) (share * millis.length))];
    }

    /** Median, minimum and maximum by their JSON keys. */
    public Map<String, Object> summary() {
        Map<String, Object> summary = new LinkedHashMap<>();
        summary.put("medianMillis", rounded(median()));
        summary.put("minMillis", rounded(millis[0]));
        summary.put("maxMillis", rounded(millis[millis.length - 1]));
        return summary;
    }

    /** Rounds to three decimals. */
    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
