package dev.tandem.app.command;

/** Wrong usage that option parsing cannot detect. The message is one line; the exit code is 2. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UsageException(String message) {
        super(message);
    }

    /** @throws UsageException with the message if the condition does not hold */
    static void require(boolean condition, String message) {
        if (!condition) {
            throw new UsageException(message);
        }
    }

    /** @throws UsageException if the value is outside {@code min} to {@code max} */
    static void requireRange(String option, int value, int min, int max) {
        require(value >= min && value <= max, option + " is " + value + ", but must be " + min + " to " + max);
    }

    /** @throws UsageException if the value is below {@code min} */
    static void requireAtLeast(String option, long value, long min) {
        require(value >= min, option + " is " + value + ", but must be at least " + min);
    }
}
