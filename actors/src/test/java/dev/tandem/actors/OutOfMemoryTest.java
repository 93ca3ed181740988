package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.Guardian.GaveUp;
import dev.tandem.actors.ModelActor.TrainReply;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.actors.ModelActor.TranslateReply;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.tensor.Tensor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose device runs out of memory: it ends with one line, and its checkpoint has all pairs before that. */
class OutOfMemoryTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Partition PAIRS = new Partition("pairs", 0);
    private static final String LINE =
            " and image size 32 failed: " + FullDevice.PROBLEM + "; end other processes that use the GPU, or lower ";

    private final FullDevice device = new FullDevice();
    private final FakeRun run = new FakeRun();
    private final AtomicInteger models = new AtomicInteger();

    @TempDir
    private Path folder;

    private Settings settings;
    private CheckpointStore store;
    private ActorRef<ModelActor.Command> model;

    @BeforeEach
    void start() throws Exception {
        settings = SettingsLoader.load(
                Optional.empty(),
                List.of(
                        "model.image-size=32",
                        "model.width=2",
                        "model.device=cpu",
                        "checkpoint.directory=" + folder,
                        "checkpoint.every-steps=2"));
        store = CheckpointStore.open(settings.checkpoint());
        KIT.spawn(run.guardian(
                ModelActor.create(this::open, store, settings, AuditLog.NONE, Optional.empty(), new Utilization())));
        model = run.nextPipeline().model();
    }

    private BicycleGan open() {
        models.incrementAndGet();
        return BicycleGan.fresh(device.engine(Engines.open(settings.model())), settings);
    }

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @Test
    void train_noMemory_endsTheRunAndLosesNoPair() {
        TestProbe<TrainReply> probe = KIT.createTestProbe();
        for (long step = 1; step <= 2; step++) {
            model.tell(batch(step, probe.ref()));
            probe.expectMessageClass(Trained.class, TIMEOUT);
        }

        assertEndsWith(
                "training with batch size 2" + LINE + "train.batch-size, model.image-size or model.width",
                batch(3, probe.ref()));

        // Without a reply, nothing commits the offsets of the third batch.
        probe.expectNoMessage(Duration.ZERO);
        Checkpoint newest = store.newestValid().orElseThrow();
        try (Engine engine = Engines.open(settings.model());
                BicycleGan resumed = BicycleGan.resumed(engine, settings, newest)) {
            assertThat(resumed.step()).isEqualTo(2);
            assertThat(resumed.pairs()).isEqualTo(4);
            assertThat(resumed.offsets()).isEqualTo(new Offsets(Map.of(PAIRS, 4L)));
        }
    }

    @Test
    void translate_noMemory_endsTheRunWithoutAReply() {
        TestProbe<TranslateReply> probe = KIT.createTestProbe();

        assertEndsWith(
                "translation with batch size 4" + LINE + "translate.batch-size, model.image-size or model.width",
                new ModelActor.Translate(images(5), Tensor.zeros(5, 8), probe.ref()));

        probe.expectNoMessage(Duration.ZERO);
    }

    /** Only the end of the run prints the line, and the model is not opened again. */
    private void assertEndsWith(String line, ModelActor.Command command) {
        device.fill();
        Guardian.Outcome outcome = LoggingTestKit.error("").withOccurrences(0).expect(KIT.system(), () -> {
            model.tell(command);
            return run.outcome()
                    .orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS)
                    .join();
        });

        assertThat(((GaveUp) outcome).cause())
                .isInstanceOf(SettingsException.class)
                .hasMessage(line);
        assertThat(models).hasValue(1);
        assertThat(device.isClosed()).isTrue();
    }

    private static ModelActor.Train batch(long step, ActorRef<TrainReply> replyTo) {
        return new ModelActor.Train(
                images(2),
                images(2),
                new Offsets(Map.of(PAIRS, 2 * step)),
                Map.of(PAIRS, List.of(2 * step - 2, 2 * step - 1)),
                replyTo);
    }

    private static Tensor images(int batch) {
        return Tensor.zeros(batch, 3, 32, 32);
    }
}
