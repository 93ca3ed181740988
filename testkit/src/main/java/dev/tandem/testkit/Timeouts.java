package dev.tandem.testkit;

import java.time.Duration;

/** Time limits of tests. A test waits for a condition, so a limit only ends a test that hangs. */
public final class Timeouts {
    /** Much longer than any single wait of a test, also on a slow and busy machine. */
    public static final Duration HANG = Duration.ofMinutes(10);

    private Timeouts() {}
}
