package dev.tandem.app.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long a piece of work took, run by run. */
public record Timings(double[] millis) {
    private static final double NANOS = 1e6;

    public Timings {
        millis = millis.clone();
        Arrays.sort(millis);
    }

    /** Does the work {@code warmUp} times, and then {@code runs} times by the clock. */
    public static Timings of(int warmUp, int runs, Runnable work) {
        for (int i = 0; i < warmUp; i++) {
            work.run();
        }
        double[] millis = new double[runs];
        for (int i = 0; i < runs; i++) {
            long start = System.nanoTime();
            work.run();
            millis[i] = (System.nanoTime() - start) / NANOS;
        }
        return new Timings(millis);
    }

    public double median() {
        return quantile(0.5);
    }

    public double mean() {
        return Arrays.stream(millis).average().orElseThrow();
    }

    /** The run below which a share of the runs lies. */
    public double quantile(double share) {
        return millis[Math.min(millis.length - 1, (int) (share * millis.length))];
    }

    /** Median, least and most, rounded to microseconds. */
    public Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("medianMillis", rounded(median()));
        figures.put("minMillis", rounded(millis[0]));
        figures.put("maxMillis", rounded(millis[millis.length - 1]));
        return figures;
    }

    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }
}
