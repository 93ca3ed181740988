package dev.tandem.config;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.Optional;

/**
 * Settings of a run: its names in Kafka, timeouts, restarts and memory.
 *
 * @param group consumer group to which training commits its next offsets
 * @param instance name of this instance; empty: a random one
 * @param stepTimeout maximum time of a training step
 * @param drainTimeout maximum time to finish work in progress when the run stops
 * @param restartMin first delay before a failed model and its streams are rebuilt
 * @param restartMax maximum delay
 * @param restartLimit maximum number of rebuilds
 * @param memory limits of the memory of the model
 */
public record RunSettings(
        String group,
        Optional<String> instance,
        Duration stepTimeout,
        Duration drainTimeout,
        Duration restartMin,
        Duration restartMax,
        int restartLimit,
        MemoryLimits memory) {
    private static final String TRANSLATE = "-translate";

    public RunSettings {
        RangeCheck.notBlank("run.group", group);
        RangeCheck.range("run.step-timeout", stepTimeout, Duration.ofSeconds(1), Duration.ofHours(1));
        RangeCheck.range("run.drain-timeout", drainTimeout, Duration.ofMillis(100), Duration.ofHours(1));
        RangeCheck.range("run.restart-min", restartMin, Duration.ofMillis(10), Duration.ofHours(1));
        RangeCheck.range("run.restart-max", restartMax, restartMin, Duration.ofHours(1));
        RangeCheck.range("run.restart-limit", restartLimit, 0, 1_000_000);
    }

    /** Returns the consumer group of the instances that translate. */
    public String translateGroup() {
        return group + TRANSLATE;
    }

    static RunSettings from(Config tandem) {
        SettingsSection run = SettingsSection.of(tandem, "run");
        return new RunSettings(
                run.text("group"),
                Optional.of(run.text("instance")).filter(name -> !name.isBlank()),
                run.duration("step-timeout"),
                run.duration("drain-timeout"),
                run.duration("restart-min"),
                run.duration("restart-max"),
                run.integer("restart-limit"),
                new MemoryLimits(run.bytesOrAuto("max-off-heap"), run.bytesOrAuto("max-device-memory")));
    }
}
