package dev.tandem.model;

import dev.tandem.config.ChangedSetting;
import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Tells how the settings of a run that resumes differ from those of its checkpoint, and what the run drops. */
record ResumeWarnings(Settings settings, Checkpoint checkpoint) {
    /** The networks are the same, and the device belongs to the machine. */
    private static final String MODEL = "model.";

    /**
     * One line per warning; none if the run continues as the checkpoint was trained.
     *
     * @param pastPairs number of past pairs that the replay buffer of the run has taken from the checkpoint
     */
    List<String> lines(int pastPairs) {
        List<String> lines = new ArrayList<>();
        changedSettings().ifPresent(lines::add);
        average().ifPresent(lines::add);
        droppedPairs(pastPairs).ifPresent(lines::add);
        return lines;
    }

    private Optional<String> changedSettings() {
        Settings saved = Settings.ofProvenance(checkpoint.settings());
        List<ChangedSetting> changed = ChangedSetting.between(saved.provenance(), settings.provenance()).stream()
                .filter(setting -> !setting.key().startsWith(MODEL))
                .toList();
        return changed.isEmpty()
                ? Optional.empty()
                : Optional.of("training continues with other settings than those of checkpoint " + checkpoint.name()
                        + ": "
                        + changed.stream().map(ChangedSetting::toString).collect(Collectors.joining(", ")));
    }

    private Optional<String> average() {
        boolean saved = checkpoint.networks().contains(Checkpoint.AVERAGE);
        boolean used = settings.train().emaDecay() > 0;
        if (saved == used) {
            return Optional.empty();
        }
        return Optional.of(
                saved
                        ? "train.ema-decay is 0: the averaged generator of checkpoint " + checkpoint.name()
                                + " is dropped, and the next checkpoint has none"
                        : "checkpoint " + checkpoint.name()
                                + " has no averaged generator: the average starts with the generator");
    }

    private Optional<String> droppedPairs(int kept) {
        int saved = checkpoint.pastPairCount();
        return kept < saved
                ? Optional.of("train.replay.capacity is "
                        + settings.train().replay().capacity() + ": " + (saved - kept) + " of the " + saved
                        + " past pairs of checkpoint " + checkpoint.name() + " are dropped")
                : Optional.empty();
    }
}
