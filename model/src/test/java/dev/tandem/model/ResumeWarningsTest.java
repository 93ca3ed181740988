package dev.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.Checkpoint.PastPair;
import dev.tandem.model.checkpoint.Checkpoint.PastPairs;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.TestCheckpoints;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResumeWarningsTest {
    private static final PastPair PAIR = new PastPair(new byte[3 * 32 * 32], new byte[3 * 32 * 32]);
    private static final String[] TRAINED = {
        "train.learning-rate=1e-3", "train.ema-decay=0.99", "train.replay.capacity=2"
    };

    @TempDir
    private Path folder;

    @Test
    void lines_sameSettings_areEmpty() {
        assertThat(new ResumeWarnings(TestSettings.tiny(TRAINED), checkpoint()).lines(2))
                .isEmpty();
        assertThat(new ResumeWarnings(
                                TestSettings.tiny(
                                        "train.learning-rate=0.001",
                                        "train.ema-decay=0.990",
                                        "train.replay.capacity=2"),
                                checkpoint())
                        .lines(2))
                .isEmpty();
    }

    @Test
    void lines_otherSettings_nameOldAndNewValuesAndWhatIsDropped() {
        assertThat(new ResumeWarnings(TestSettings.tiny("augment.flip=false", "images.fit=pad"), checkpoint()).lines(0))
                .containsExactly(
                        "training continues with other settings than those of checkpoint step-0000000001:"
                                + " augment.flip true -> false, images.fit stretch -> pad,"
                                + " train.ema-decay 0.99 -> 0, train.learning-rate 1e-3 -> 2.0E-4, train.replay.capacity 2 -> 0",
                        "train.ema-decay is 0: the averaged generator of checkpoint step-0000000001 is dropped, and the"
                                + " next checkpoint has none",
                        "train.replay.capacity is 0: 2 of the 2 past pairs of checkpoint step-0000000001 are dropped");
    }

    @Test
    void lines_averageThatTheCheckpointLacks_saysWhereItStarts() {
        Settings trained = TestSettings.tiny();
        Checkpoint withoutAverage = checkpoint(trained, PastPairs.NONE);

        assertThat(new ResumeWarnings(TestSettings.tiny("train.ema-decay=0.5"), withoutAverage).lines(0))
                .contains(
                        "checkpoint step-0000000001 has no averaged generator: the average starts with the generator");
    }

    private Checkpoint checkpoint() {
        return checkpoint(TestSettings.tiny(TRAINED), new PastPairs(9, List.of(PAIR, PAIR)));
    }

    private Checkpoint checkpoint(Settings settings, PastPairs pairs) {
        return Checkpoint.open(Checkpoint.save(
                CheckpointStore.open(new CheckpointSettings(folder, 1, 3)), TestCheckpoints.content(settings, pairs)));
    }
}
