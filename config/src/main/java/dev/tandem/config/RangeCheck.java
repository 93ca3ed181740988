package dev.tandem.config;

import java.time.Duration;

/** The range checks of the settings records, with messages that name the key, the value and the range. */
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

    /** For decays: at least 0 and below 1. */
    static void fraction(String key, double value) {
        require(value >= 0 && value < 1, key, value, "at least 0 and below 1");
    }

    static void weight(String key, double value) {
        require(value >= 0 && Double.isFinite(value), key, value, "0 or more");
    }

    static void notBlank(String key, String value) {
        require(!value.isBlank(), key, "empty", "given");
    }

    static void require(boolean holds, String key, Object value, String allowed) {
        if (!holds) {
            throw new SettingsException(key + " is " + value + ", but must be " + allowed);
        }
    }
}
