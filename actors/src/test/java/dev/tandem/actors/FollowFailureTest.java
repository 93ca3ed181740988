package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.TestCheckpoints;
import dev.tandem.model.engine.DeviceMemoryException;
import dev.tandem.model.engine.NetworkLoadException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that follows checkpoints, whose engine fails to load them although they are valid. */
class FollowFailureTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    private final FakeInference engine = new FakeInference();

    @TempDir
    private Path folder;

    private BicycleGan model;
    private ModelCheckpoints follower;

    @BeforeEach
    void open() {
        Settings settings =
                TestSettings.tiny("model.width=2", "translate.batch-size=8", "checkpoint.directory=" + folder);
        Checkpoint.save(CheckpointStore.open(settings.checkpoint()), TestCheckpoints.randomContent(settings, 1));
        model = BicycleGan.translating(engine, settings, Optional.empty());
        follower = new ModelCheckpoints(model, CheckpointStore.openReadOnly(folder));
    }

    @AfterEach
    void close() {
        model.close();
    }

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @Test
    void watchFolder_temporaryFailure_isLoggedOnceAndTriedAgain() {
        engine.failWith(new NetworkLoadException("the library is busy", null));
        LoggingTestKit.warn("the library is busy; the next check tries again")
                .withOccurrences(1)
                .expect(KIT.system(), () -> {
                    follower.watchFolder();
                    follower.watchFolder();
                    return true;
                });
        assertThat(follower.newestName()).isEqualTo("none");
        assertThat(model.step()).isZero();

        engine.recover();
        follower.watchFolder();

        assertThat(follower.newestName()).isEqualTo("step-0000000001");
        assertThat(model.step()).isEqualTo(1);
    }

    @Test
    void watchFolder_otherTemporaryFailure_isLoggedToo() {
        engine.failWith(new NetworkLoadException("the library is busy", null));
        follower.watchFolder();
        engine.failWith(new NetworkLoadException("the library is broken", null));

        LoggingTestKit.warn("the library is broken").withOccurrences(1).expect(KIT.system(), () -> {
            follower.watchFolder();
            return true;
        });
    }

    /** The run ends with this line. */
    @Test
    void watchFolder_noMemory_isThrownWithBatchAndSize() {
        engine.failWith(new DeviceMemoryException("the GPU is full", "end other processes"));

        assertThatThrownBy(follower::watchFolder)
                .isInstanceOf(DeviceMemoryException.class)
                .hasMessage("translation with batch size 8 and image size 32 failed: the GPU is full; end other"
                        + " processes, or lower translate.batch-size, model.image-size or model.width");
    }
}
