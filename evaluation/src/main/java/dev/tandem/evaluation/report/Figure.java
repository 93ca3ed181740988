package dev.tandem.evaluation.report;

import java.util.Locale;

/**
 * A measured number.
 *
 * @param key name in JSON
 * @param meaning definition with unit or range
 */
public record Figure(String key, String meaning, double value) {

    /** The value as text: whole numbers above 1 without decimals, other numbers with four. */
    public String formatted() {
        return value == Math.rint(value) && Math.abs(value) > 1
                ? Long.toString((long) value)
                : String.format(Locale.ROOT, "%.4f", value);
    }
}
