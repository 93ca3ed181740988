package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.ModelActor.Description;
import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.Skip;
import dev.tandem.actors.ModelActor.Skipped;
import dev.tandem.actors.ModelActor.Train;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.actors.ModelActor.Translate;
import dev.tandem.actors.ModelActor.Translated;
import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.health.Health;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.StepReport;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The order in which the model handles messages that arrive during a step. */
class ModelActorOrderTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration TIMEOUT = Duration.ofMinutes(5);
    private static final Offsets NEXT_OFFSETS = new Offsets(Map.of(new Partition("pairs", 0), 2L));
    private static final Map<Partition, List<Long>> RECORDS = Map.of(new Partition("pairs", 0), List.of(0L, 1L));

    private final Semaphore stepLogged = new Semaphore(0);
    /** A test that holds the permit holds every step at its end. */
    private final Semaphore stepMayEnd = new Semaphore(1);

    private final TestProbe<Object> probe = KIT.createTestProbe();

    @TempDir
    private Path folder;

    private ActorRef<ModelActor.Command> model;

    @BeforeEach
    void spawn() {
        Settings settings = TestSettings.tiny("checkpoint.directory=" + folder);
        model = KIT.spawn(
                ModelActor.create(
                        () -> BicycleGan.fresh(Engines.open(settings.model()), settings),
                        CheckpointStore.open(settings.checkpoint()),
                        settings,
                        auditLog(),
                        Optional.empty(),
                        new Utilization()),
                ModelActor.dispatcher());
    }

    /** Waits until the model no longer writes into the folder, which JUnit deletes next. */
    @AfterEach
    void stop() {
        KIT.stop(model, TIMEOUT);
    }

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @Test
    void translate_duringAStepWithABatchWaiting_waitsForOneStepOnly() throws InterruptedException {
        stepMayEnd.acquire();

        model.tell(train(images(2)));
        assertThat(stepLogged.tryAcquire(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        model.tell(train(images(2)));
        model.tell(new Translate(images(1), Tensor.zeros(1, 8), probe.ref().narrow()));
        stepMayEnd.release();

        assertThat(probe.expectMessageClass(Trained.class, TIMEOUT).step()).isEqualTo(1);
        assertThat(probe.expectMessageClass(Translated.class, TIMEOUT).model()).endsWith("step=1;engine=nd4j");
        assertThat(probe.expectMessageClass(Trained.class, TIMEOUT).step()).isEqualTo(2);
    }

    @Test
    void train_batchAfterOneThatIsNotFinite_waitsUntilThatOneIsSkipped() {
        Tensor notFinite = Tensor.zeros(2, 3, 32, 32);
        notFinite.data()[5] = Float.NaN;

        model.tell(train(notFinite));
        model.tell(train(images(2)));
        probe.expectMessageClass(Diverged.class, TIMEOUT);
        model.tell(new ModelActor.Describe(probe.ref().narrow()));
        Description before = probe.expectMessageClass(Description.class, TIMEOUT);
        model.tell(new Skip(NEXT_OFFSETS, RECORDS, "not finite", probe.ref().narrow()));

        assertThat(before.step()).isZero();
        assertThat(before.offsets()).isEqualTo(Offsets.NONE);
        probe.expectMessageClass(Skipped.class, TIMEOUT);
        assertThat(probe.expectMessageClass(Trained.class, TIMEOUT).pairs()).isEqualTo(4);
    }

    private AuditLog auditLog() {
        return new AuditLog() {
            @Override
            public void logStep(
                    Map<Partition, List<Long>> records, long step, long pairs, StepReport report, Health health) {
                stepLogged.release();
                stepMayEnd.acquireUninterruptibly();
                stepMayEnd.release();
            }

            @Override
            public void logSkippedBatch(Map<Partition, List<Long>> records, long step, long pairs, String reason) {}
        };
    }

    private Train train(Tensor a) {
        return new Train(a, images(2), NEXT_OFFSETS, RECORDS, probe.ref().narrow());
    }

    private static Tensor images(int batch) {
        return Tensor.zeros(batch, 3, 32, 32);
    }
}
