package dev.tandem.clients.load;

import dev.tandem.config.Settings;
import java.time.Duration;
import java.util.Locale;

/**
 * The processor time that the pairs of a step need, compared with what a machine has during the step.
 *
 * @param pairs pairs that are decoded for each step
 * @param millisPerPair time to decode and augment a pair on one core
 * @param stepMillis time of a step
 * @param cores cores that the process may use
 * @param threads threads that decode
 */
record PreparationCost(int pairs, double millisPerPair, double stepMillis, int cores, int threads) {
    /** Largest idle share of a model that is fed fast enough. */
    private static final double IDLE_LIMIT = 0.03;

    static PreparationCost of(Settings settings, double millisPerPair, Duration stepTime) {
        return new PreparationCost(
                settings.train().freshPairs(),
                millisPerPair,
                stepTime.toMillis(),
                Runtime.getRuntime().availableProcessors(),
                settings.images().decodeParallelism());
    }

    /** Returns the number of cores that decode without a pause if the model never waits. */
    double coresNeeded() {
        return millisPerPair * pairs / stepMillis;
    }

    /**
     * Says in one sentence what limits the throughput.
     *
     * @param idle idle share of the model, 0 to 1
     */
    String verdict(double idle) {
        if (coresNeeded() > cores) {
            return text(
                    "not enough cores: %s of decoding per step, but %d cores have %.1f ms in a step of %.0f ms",
                    decoding(), cores, cores * stepMillis, stepMillis);
        }
        if (coresNeeded() > threads) {
            return text(
                    "not enough decoding threads: %s of decoding per step; raise images.decode-parallelism (%d)",
                    decoding(), threads);
        }
        return idle <= IDLE_LIMIT
                ? text("fast enough: the model is idle for %.1f%% of the time", 100 * idle)
                : text(
                        "the model is idle for %.1f%% of the time, although decoding needs only %.1f of %d cores; the"
                                + " broker and the producer of this measurement, and other programs, use cores too",
                        100 * idle, coresNeeded(), cores);
    }

    /** Rounds to three decimals. */
    static double rounded(double value) {
        return Math.round(value * 1000) / 1000.0;
    }

    private String decoding() {
        return text("%.2f ms x %d pairs = %.1f ms", millisPerPair, pairs, millisPerPair * pairs);
    }

    private static String text(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
