package dev.tandem.model;

import dev.tandem.config.ChangedSetting;
import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs how the settings of a run that resumes differ from those of its checkpoint, and what the run drops. */
record ResumeLog(Settings settings, Checkpoint checkpoint) {
    private static final Logger LOG = LoggerFactory.getLogger(ResumeLog.class);
    /** The networks are the same, and the device belongs to the machine. */
    private static final String MODEL = "model.";

    /** @param pastPairs number of past pairs that the replay buffer of the run has taken from the checkpoint */
    void write(int pastPairs) {
        logChangedSettings();
        logAverage();
        logPastPairs(pastPairs, checkpoint.pastPairCount());
    }

    private void logChangedSettings() {
        Settings saved = Settings.ofProvenance(checkpoint.settings());
        List<ChangedSetting> changed = ChangedSetting.between(saved.provenance(), settings.provenance()).stream()
                .filter(setting -> !setting.key().startsWith(MODEL))
                .toList();
        if (!changed.isEmpty()) {
            LOG.warn(
                    "training continues with other settings than checkpoint {}: {}",
                    checkpoint.name(),
                    changed.stream().map(ChangedSetting::toString).collect(Collectors.joining(", ")));
        }
    }

    private void logAverage() {
        boolean saved = checkpoint.networks().contains(Checkpoint.AVERAGE);
        boolean used = settings.train().emaDecay() > 0;
        if (saved && !used) {
            LOG.warn(
                    "train.ema-decay is 0: the averaged generator of checkpoint {} is dropped, and the next checkpoint"
                            + " has none",
                    checkpoint.name());
        } else if (used && !saved) {
            LOG.warn(
                    "checkpoint {} has no averaged generator: the average starts with the generator",
                    checkpoint.name());
        }
    }

    private void logPastPairs(int restored, int saved) {
        if (restored > 0) {
            LOG.info("restored {} past pairs", restored);
        }
        if (restored < saved) {
            LOG.warn(
                    "train.replay.capacity is {}: {} of the {} past pairs of checkpoint {} are dropped",
                    settings.train().replay().capacity(),
                    saved - restored,
                    saved,
                    checkpoint.name());
        }
    }
}
