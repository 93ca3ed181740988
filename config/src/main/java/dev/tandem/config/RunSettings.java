package dev.tandem.config;

import com.typesafe.config.Config;
import java.time.Duration;

/** How the streams run and are rebuilt after a failure. */
public record RunSettings(
        String group,
        Duration stepTimeout,
        Duration drainTimeout,
        Duration restartMin,
        Duration restartMax,
        int restartLimit) {
    public RunSettings {
        Check.notBlank("run.group", group);
        Check.range("run.step-timeout", stepTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
        Check.range("run.drain-timeout", drainTimeout, Duration.ofMillis(100), Duration.ofHours(1));
        Check.range("run.restart-min", restartMin, Duration.ofMillis(10), Duration.ofHours(1));
        Check.range("run.restart-max", restartMax, restartMin, Duration.ofHours(1));
        Check.range("run.restart-limit", restartLimit, 0, 1_000_000);
    }

    static RunSettings from(Config tandem) {
        Section run = Section.of(tandem, "run");
        return new RunSettings(
                run.text("group"),
                run.duration("step-timeout"),
                run.duration("drain-timeout"),
                run.duration("restart-min"),
                run.duration("restart-max"),
                run.integer("restart-limit"));
    }
}
