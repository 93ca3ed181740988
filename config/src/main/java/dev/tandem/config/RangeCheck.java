package dev.tandem.config;

import java.time.Duration;

/** Checks of setting values. A failed check throws a {@link SettingsException} with key, value and allowed values. */
final class RangeCheck {
    private RangeCheck() {}

    static void range(String key, long value, long min, long max) {
        require(value >= min && value <= max, key, value, "between " + min + " and " + max);
    }

    static void range(String key, double value, double min, double max) {
        require(value >= min && value <= max, key, value, "between " + min + " and " + max);
    }

    static void range(String key, Duration value, Duration min, Duration max) {
        require(
                value.compareTo(min) >= 0 && value.compareTo(max) <= 0,
                key,
                value.toMillis() + " ms",
                "between " + min.toMillis() + " and " + max.toMillis() + " ms");
    }

    /** Requires a value of at least 0 and below 1. */
    static void fraction(String key, double value) {
        require(value >= 0 && value < 1, key, value, "at least 0 and below 1");
    }

    /** Requires a finite value of at least 0. */
    static void weight(String key, double value) {
        require(value >= 0 && Double.isFinite(value), key, value, "0 or more");
    }

    static void notBlank(String key, String value) {
        if (value.isBlank()) {
            throw new SettingsException(key + " is empty, but must have a value");
        }
    }

    /** @param allowed completes the message "KEY is VALUE, but must be ..." */
    static void require(boolean valid, String key, Object value, String allowed) {
        if (!valid) {
            throw new SettingsException(key + " is " + value + ", but must be " + allowed);
        }
    }
}
