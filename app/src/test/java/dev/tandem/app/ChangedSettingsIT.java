package dev.tandem.app;

import static dev.tandem.testkit.stream.TestRecords.pairs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What a run says about settings that change its training. */
class ChangedSettingsIT extends BrokerTest {

    @Test
    void run_resumedWithOtherSettings_logsOldAndNewValuesAndWhatIsDropped() throws IOException {
        kafka.produce(pairs("changed-pairs", 16));
        Path file = Files.writeString(
                folder.resolve("changed.conf"),
                "train.learning-rate = 5e-4\ntrain { ema-decay = 0.5 }\ntandem.train.replay.capacity = 4");
        runs.run("changed").with("--config", file.toString()).stopAfterPairs(8).complete();

        try (TandemProcess same = runs.run("changed")
                .with("--config", file.toString())
                .stopAfterPairs(8)
                .start()) {
            same.assertSuccess();
            assertThat(same.err()).doesNotContain("other settings");
        }
        try (TandemProcess run = runs.run("changed")
                .set("train.ema-decay=0", "train.learning-rate=2e-4")
                .stopAfterPairs(16)
                .start()) {
            run.assertSuccess();

            assertThat(run.err())
                    .containsOnlyOnce("training continues with other settings than those of checkpoint"
                            + " step-0000000004: train.ema-decay 0.5 -> 0, train.learning-rate 5.0E-4 -> 2e-4,"
                            + " train.replay.capacity 4 -> 0")
                    .containsOnlyOnce("the averaged generator of checkpoint step-0000000004 is dropped")
                    .containsOnlyOnce("4 of the 4 past pairs of checkpoint step-0000000004 are dropped");
        }
    }

    @Test
    void run_checkpointOfAnotherPreset_resumesWithItsNetworksAndSaysSo() {
        kafka.produce(pairs("paper-pairs", 16));
        runs.run("paper").set("model.preset=paper").stopAfterPairs(8).complete();

        try (TandemProcess run = runs.run("paper").stopAfterPairs(16).start()) {
            run.assertSuccess();

            assertThat(run.err())
                    .containsPattern("the newest checkpoint in .*paper determines settings that are not set: .*"
                            + "model.generator.upsample=basic.*, model.preset=paper, .*train.learning-rate=2.0E-4")
                    .doesNotContain("training continues with other settings");
        }
        try (TandemProcess run = runs.run("paper").set("model.preset=tandem").start()) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("was made with other networks than the settings describe; set model.preset=paper");
        }
    }

    @Test
    void run_scheduleAtItsEnd_raisesOneAlarm() {
        kafka.produce(pairs("ended-pairs", 20));
        try (TandemProcess run = runs.run("ended")
                .set("train.schedule.policy=linear", "train.schedule.hold-pairs=0", "train.schedule.decay-pairs=8")
                .stopAfterPairs(20)
                .start()) {
            run.assertSuccess();

            assertThat(run.err())
                    .containsOnlyOnce("alarm: the learning rate is 0, so the model no longer learns (train.schedule)")
                    .contains("(LEARNING_RATE_ZERO); see docs/how-to/train-well.md");
        }
    }
}
