package dev.tandem.config;

import com.typesafe.config.Config;

/**
 * Settings of the training health checks and of the step log.
 *
 * @param probeEvery training steps between two diversity probes; 0: no probes
 * @param probeImages images in a diversity probe
 * @param probeSamples translations of each of these images
 * @param collapseBelow mean absolute difference of two translations below which diversity has collapsed
 * @param winBelow share of a guessing discriminator's loss below which a discriminator wins
 * @param settleSteps training steps before the first alarm, and over which losses are averaged
 * @param giveUpAfter number of consecutive batches with values that are not finite at which the run ends
 * @param stepLog file name of the step log in the checkpoint folder; empty: no step log
 * @param stepLogSize bytes at which the step log is rotated
 */
public record HealthSettings(
        int probeEvery,
        int probeImages,
        int probeSamples,
        double collapseBelow,
        double winBelow,
        int settleSteps,
        int giveUpAfter,
        String stepLog,
        long stepLogSize) {
    public HealthSettings {
        RangeCheck.range("health.probe-every", probeEvery, 0, 1_000_000);
        RangeCheck.range("health.probe-images", probeImages, 1, 64);
        RangeCheck.range("health.probe-samples", probeSamples, 2, 64);
        RangeCheck.range("health.collapse-below", collapseBelow, 0, 2);
        RangeCheck.range("health.win-below", winBelow, 0, 1);
        RangeCheck.range("health.settle-steps", settleSteps, 1, 1_000_000);
        RangeCheck.range("health.give-up-after", giveUpAfter, 1, 1000);
        RangeCheck.require(!stepLog.contains("/"), "health.step-log", stepLog, "a file name without a folder");
        RangeCheck.range("health.step-log-size", stepLogSize, 1L << 20, 100L << 30);
    }

    static HealthSettings from(Config tandem) {
        SettingsSection health = SettingsSection.of(tandem, "health");
        return new HealthSettings(
                health.integer("probe-every"),
                health.integer("probe-images"),
                health.integer("probe-samples"),
                health.number("collapse-below"),
                health.number("win-below"),
                health.integer("settle-steps"),
                health.integer("give-up-after"),
                health.text("step-log"),
                health.bytes("step-log-size"));
    }
}
