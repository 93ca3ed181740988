package dev.tandem.evaluation.report;

import java.util.Locale;

/**
 * One measured number.
 *
 * @param key its name in JSON
 * @param meaning what it is, with its unit or range
 */
public record Figure(String key, String meaning, double value) {

    /** For people: counts as they are, all else with four decimals. */
    public String shown() {
        return value == Math.rint(value) && Math.abs(value) > 1
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.4f", value);
    }
}
