package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.ModelActor.Description;
import dev.tandem.actors.ModelActor.Diverged;
import dev.tandem.actors.ModelActor.EncodeReply;
import dev.tandem.actors.ModelActor.Encoded;
import dev.tandem.actors.ModelActor.Refused;
import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.actors.ModelActor.TrainReply;
import dev.tandem.actors.ModelActor.Trained;
import dev.tandem.actors.ModelActor.TranslateReply;
import dev.tandem.actors.ModelActor.Translated;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.Models;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.health.Alarm;
import dev.tandem.model.health.Health;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.StepReport;
import dev.tandem.model.validation.Score;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelActorTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration TIMEOUT = Duration.ofSeconds(60);
    private static final Tensor LATENT = Tensor.zeros(1, 8);
    private static final Offsets NEXT_OFFSETS = new Offsets(Map.of(new Partition("pairs", 0), 2L));
    private static final Map<Partition, List<Long>> RECORDS = Map.of(new Partition("pairs", 0), List.of(0L, 1L));

    private final List<String> auditLines = new CopyOnWriteArrayList<>();

    @TempDir
    private Path folder;

    private ActorRef<ModelActor.Command> model;

    @BeforeEach
    void spawn() {
        Settings settings = settings("checkpoint.every-steps=2");
        CheckpointStore store = CheckpointStore.open(settings.checkpoint());
        model = KIT.spawn(
                ModelActor.create(
                        () -> BicycleGan.fresh(Engines.open(settings.model()), settings),
                        store,
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
    void train_validBatches_takesStepsAndWritesCheckpointsWhenDue() {
        TestProbe<TrainReply> probe = KIT.createTestProbe();

        model.tell(new ModelActor.Train(images(2), images(2), NEXT_OFFSETS, RECORDS, probe.ref()));
        Trained first = probe.expectMessageClass(Trained.class, TIMEOUT);
        model.tell(new ModelActor.Train(images(2), images(2), NEXT_OFFSETS, RECORDS, probe.ref()));
        Trained second = probe.expectMessageClass(Trained.class, TIMEOUT);

        assertThat(first.step()).isEqualTo(1);
        assertThat(first.checkpoint()).isEmpty();
        assertThat(second.pairs()).isEqualTo(4);
        assertThat(second.checkpoint())
                .map(ModelActor.WrittenCheckpoint::folder)
                .map(Path::getFileName)
                .map(Path::toString)
                .hasValue("step-0000000002");
        assertThat(auditLines)
                .containsExactly(
                        "1 {pairs-0=[0, 1]} before its checkpoint", "2 {pairs-0=[0, 1]} before its checkpoint");
    }

    @Test
    void holdOut_enoughInputs_areValidatedAndSaved() {
        TestProbe<TrainReply> probe = KIT.createTestProbe();
        TestProbe<ModelActor.HeldOut> heldOut = KIT.createTestProbe();
        ModelActor.Train batch = new ModelActor.Train(images(2), images(2), NEXT_OFFSETS, RECORDS, probe.ref());
        model.tell(new ModelActor.HoldOut(images(1), images(1), heldOut.ref()));
        model.tell(batch);
        model.tell(batch);
        probe.expectMessageClass(Trained.class, TIMEOUT);
        assertThat(probe.expectMessageClass(Trained.class, TIMEOUT).health().score())
                .as("one of two inputs")
                .isEmpty();

        model.tell(new ModelActor.HoldOut(white(), images(1), heldOut.ref()));
        model.tell(batch);
        model.tell(batch);
        probe.expectMessageClass(Trained.class, TIMEOUT);
        assertThat(probe.expectMessageClass(Trained.class, TIMEOUT).health().score())
                .map(Score::step)
                .hasValue(4L);
        assertThat(heldOut.expectMessageClass(ModelActor.HeldOut.class, TIMEOUT).isComplete())
                .isFalse();
        assertThat(heldOut.expectMessageClass(ModelActor.HeldOut.class, TIMEOUT).isComplete())
                .isTrue();
        assertThat(folder.resolve("held-out.safetensors")).isNotEmptyFile();
    }

    @Test
    void serve_checkpoint_translatesWithItUntilTheLiveModelIsSelected() {
        train();
        train();
        Checkpoint second = Checkpoint.open(folder.resolve("step-0000000002"));
        TestProbe<ModelActor.ServeReply> serving = KIT.createTestProbe();

        model.tell(new ModelActor.Serve(Optional.of(second), serving.ref()));
        assertThat(serving.expectMessageClass(ModelActor.Serving.class, TIMEOUT).checkpoint())
                .hasValue("step-0000000002");
        train();

        assertThat(translated(ModelActor.Translate::new).model())
                .isEqualTo("checkpoint=step-0000000002;step=2;engine=nd4j");
        assertThat(translated(ModelActor.Preview::new).model())
                .isEqualTo("checkpoint=step-0000000002;step=3;engine=nd4j");
        model.tell(new ModelActor.Serve(Optional.empty(), serving.ref()));
        serving.expectMessageClass(ModelActor.Serving.class, TIMEOUT);
        assertThat(translated(ModelActor.Translate::new).model()).endsWith(";step=3;engine=nd4j");
    }

    @Test
    void follow_readOnlyCheckpointFolder_translatesWithTheNewestCheckpoint() {
        Settings settings = settings("translate.follow-every=100 ms");
        ActorRef<ModelActor.Command> follower = KIT.spawn(
                ModelActor.create(
                        () -> Models.translating(settings, Optional.empty()),
                        CheckpointStore.openReadOnly(folder),
                        settings,
                        AuditLog.NONE,
                        Optional.empty(),
                        new Utilization()),
                ModelActor.dispatcher());
        train();
        train();

        TestProbe<TranslateReply> probe = KIT.createTestProbe();
        probe.awaitAssert(TIMEOUT, () -> {
            follower.tell(new ModelActor.Translate(images(1), LATENT, probe.ref()));
            assertThat(probe.expectMessageClass(Translated.class, TIMEOUT).model())
                    .isEqualTo("checkpoint=step-0000000002;step=2;engine=nd4j");
            return null;
        });
        KIT.stop(follower, TIMEOUT);
    }

    @Test
    void train_batchesThatAreNotFinite_repliesDivergedAndStopsAtTheLimit() {
        TestProbe<TrainReply> probe = KIT.createTestProbe();
        Tensor notFinite = Tensor.zeros(2, 3, 32, 32);
        notFinite.data()[5] = Float.NaN;

        for (int i = 0; i < 2; i++) {
            model.tell(new ModelActor.Train(notFinite, images(2), NEXT_OFFSETS, RECORDS, probe.ref()));
            Diverged diverged = probe.expectMessageClass(Diverged.class, TIMEOUT);
            assertThat(diverged.reason()).contains("not finite");
            assertThat(diverged.health().alarms()).containsExactly(Alarm.NOT_FINITE);
            TestProbe<ModelActor.Skipped> skipped = KIT.createTestProbe();
            model.tell(new ModelActor.Skip(NEXT_OFFSETS, RECORDS, diverged.reason(), skipped.ref()));
            skipped.expectMessageClass(ModelActor.Skipped.class, TIMEOUT);
        }
        model.tell(new ModelActor.Train(notFinite, images(2), NEXT_OFFSETS, RECORDS, probe.ref()));

        KIT.createTestProbe().expectTerminated(model, TIMEOUT);
        assertThat(auditLines).hasSize(2).containsOnly("skipped after step 0 {pairs-0=[0, 1]}");
    }

    @Test
    void train_stepWithProbe_reportsTheDiversity() {
        TestProbe<TrainReply> probe = KIT.createTestProbe();

        for (int i = 0; i < 2; i++) {
            model.tell(new ModelActor.Train(images(2), images(2), NEXT_OFFSETS, RECORDS, probe.ref()));
        }

        assertThat(probe.expectMessageClass(Trained.class, TIMEOUT).health().diversity())
                .isEmpty();
        assertThat(probe.expectMessageClass(Trained.class, TIMEOUT).health().diversity())
                .isPresent();
    }

    @Test
    void train_batchOfWrongShape_isRefusedAndChangesNothing() {
        TestProbe<TrainReply> probe = KIT.createTestProbe();
        TestProbe<Description> describe = KIT.createTestProbe();

        model.tell(new ModelActor.Train(Tensor.zeros(2, 3, 64, 64), images(2), NEXT_OFFSETS, RECORDS, probe.ref()));
        Refused refused = probe.expectMessageClass(Refused.class, TIMEOUT);
        model.tell(new ModelActor.Describe(describe.ref()));
        Description description = describe.receiveMessage(TIMEOUT);

        assertThat(refused.reason()).contains("(2, 3, 32, 32)").contains("(2, 3, 64, 64)");
        assertThat(description.step()).isZero();
        assertThat(description.offsets()).isEqualTo(Offsets.NONE);
    }

    @Test
    void translate_imagesAndLatents_returnsImagesAndModelVersion() {
        TestProbe<TranslateReply> probe = KIT.createTestProbe();

        model.tell(new ModelActor.Translate(images(3), Tensor.zeros(3, 8), probe.ref()));
        Translated translated = probe.expectMessageClass(Translated.class, TIMEOUT);
        model.tell(new ModelActor.Translate(images(3), Tensor.zeros(3, 5), probe.ref()));
        probe.expectMessageClass(Refused.class, TIMEOUT);

        assertThat(translated.b().shape()).isEqualTo(images(3).shape());
        assertThat(translated.model()).isEqualTo("checkpoint=none;step=0;engine=nd4j");
    }

    @Test
    void encode_images_returnsLatents() {
        TestProbe<EncodeReply> probe = KIT.createTestProbe();

        model.tell(new ModelActor.Encode(images(2), probe.ref()));
        Encoded encoded = probe.expectMessageClass(Encoded.class, TIMEOUT);
        model.tell(new ModelActor.Encode(Tensor.zeros(2, 1, 32, 32), probe.ref()));
        probe.expectMessageClass(Refused.class, TIMEOUT);

        assertThat(encoded.mu().shape()).isEqualTo(Tensor.zeros(2, 8).shape());
    }

    @Test
    void save_twiceWithoutAStep_writesOneCheckpoint() {
        TestProbe<Saved> probe = KIT.createTestProbe();

        model.tell(new ModelActor.Save(probe.ref()));
        Saved first = probe.receiveMessage(TIMEOUT);
        model.tell(new ModelActor.Save(probe.ref()));

        assertThat(probe.receiveMessage(TIMEOUT)).isSameAs(first);
        assertThat(first.folder()).isDirectory();
    }

    private Settings settings(String assignment) {
        return SettingsLoader.load(
                Optional.empty(),
                List.of(
                        "model.image-size=32",
                        "model.width=2",
                        "model.device=cpu",
                        "checkpoint.directory=" + folder,
                        "health.probe-every=2",
                        "health.give-up-after=3",
                        "train.validation.share=0.5",
                        "train.validation.inputs=2",
                        assignment));
    }

    /** Logs for each step whether its checkpoint already existed. */
    private AuditLog auditLog() {
        return new AuditLog() {
            @Override
            public void logStep(
                    Map<Partition, List<Long>> records, long step, long pairs, StepReport report, Health health) {
                boolean saved = Files.exists(folder.resolve("step-000000000" + step));
                auditLines.add(step + " " + records + (saved ? " after" : " before") + " its checkpoint");
            }

            @Override
            public void logSkippedBatch(Map<Partition, List<Long>> records, long step, long pairs, String reason) {
                auditLines.add("skipped after step " + step + " " + records);
            }
        };
    }

    private void train() {
        TestProbe<TrainReply> probe = KIT.createTestProbe();
        model.tell(new ModelActor.Train(images(2), images(2), NEXT_OFFSETS, RECORDS, probe.ref()));
        probe.expectMessageClass(Trained.class, TIMEOUT);
    }

    private Translated translated(TranslateMessage message) {
        TestProbe<TranslateReply> probe = KIT.createTestProbe();
        model.tell(message.create(images(1), LATENT, probe.ref()));
        return probe.expectMessageClass(Translated.class, TIMEOUT);
    }

    private interface TranslateMessage {
        ModelActor.Command create(Tensor a, Tensor z, ActorRef<TranslateReply> replyTo);
    }

    private static Tensor white() {
        float[] data = new float[images(1).data().length];
        Arrays.fill(data, 1);
        return new Tensor(images(1).shape(), data);
    }

    private static Tensor images(int batch) {
        return Tensor.zeros(batch, 3, 32, 32);
    }
}
