package dev.tandem.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A setting that has another value than before.
 *
 * @param key path without {@code tandem.}
 */
public record ChangedSetting(String key, String before, String after) {

    /**
     * Compares two sets of settings as text, {@link Settings#provenance}. Different texts of one value are equal, for
     * example {@code 2e-4} and {@code 0.0002}.
     *
     * @return the keys of both that differ, sorted
     */
    public static List<ChangedSetting> between(Map<String, String> before, Map<String, String> after) {
        return new TreeMap<>(after)
                .entrySet().stream()
                        .filter(entry -> before.containsKey(entry.getKey()))
                        .filter(entry -> !isSame(before.get(entry.getKey()), entry.getValue()))
                        .map(entry -> new ChangedSetting(entry.getKey(), before.get(entry.getKey()), entry.getValue()))
                        .toList();
    }

    @Override
    public String toString() {
        return key + " " + before + " -> " + after;
    }

    private static boolean isSame(String one, String other) {
        Optional<BigDecimal> number = number(one);
        Optional<BigDecimal> otherNumber = number(other);
        return number.isPresent() && otherNumber.isPresent()
                ? number.get().compareTo(otherNumber.get()) == 0
                : flag(one).equalsIgnoreCase(flag(other));
    }

    private static Optional<BigDecimal> number(String text) {
        try {
            return Optional.of(new BigDecimal(text));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** HOCON's other words for true and false. */
    private static String flag(String text) {
        return switch (text) {
            case "yes", "on" -> "true";
            case "no", "off" -> "false";
            default -> text;
        };
    }
}
