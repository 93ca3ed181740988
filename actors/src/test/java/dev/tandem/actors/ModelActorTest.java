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
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.health.Alarm;
import dev.tandem.model.health.Health;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.StepReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelActorTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Tensor LATENT = Tensor.zeros(1, 8);
    private static final Offsets SEEN = new Offsets(Map.of(new Partition("pairs", 0), 2L));
    private final List<String> written = new CopyOnWriteArrayList<>();
    private static final Map<Partition, List<Long>> RECORDS = Map.of(new Partition("pairs", 0), List.of(0L, 1L));

    @TempDir
    private Path folder;

    private ActorRef<ModelActor.Command> model;

    @BeforeEach
    void spawn() {
        Settings settings = settings("checkpoint.every-steps=2");
        CheckpointStore store = CheckpointStore.open(settings.checkpoint());
        model = KIT.spawn(
                ModelActor.create(
                        () -> BicycleGan.fresh(Engines.open(settings.model().device()), settings),
                        store,
                        settings,
                        journal(),
                        new Utilization()),
                ModelActor.dispatcher());
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
                        assignment));
    }

    /** Says of each step whether its checkpoint was there already. */
    private AuditLog journal() {
        return new AuditLog() {
            @Override
            public void taken(
                    Map<Partition, List<Long>> records, long step, long pairs, StepReport report, Health health) {
                boolean saved = Files.exists(folder.resolve("step-000000000" + step));
                written.add(step + " " + records + (saved ? " after" : " before") + " its checkpoint");
            }

            @Override
            public void notTaken(Map<Partition, List<Long>> records, long step, long pairs, String reason) {
                written.add("not " + (step + 1) + " " + records);
            }
        };
    }

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @Test
    void train_batchOfTheModelsShape_takesStepsAndWritesCheckpointsWhenDue() {
        TestProbe<TrainReply> probe = KIT.createTestProbe();

        model.tell(new ModelActor.Train(images(2), images(2), SEEN, RECORDS, probe.ref()));
        Trained first = probe.expectMessageClass(Trained.class, PATIENCE);
        model.tell(new ModelActor.Train(images(2), images(2), SEEN, RECORDS, probe.ref()));
        Trained second = probe.expectMessageClass(Trained.class, PATIENCE);

        assertThat(first.step()).isEqualTo(1);
        assertThat(first.checkpoint()).isEmpty();
        assertThat(second.pairs()).isEqualTo(4);
        assertThat(second.checkpoint())
                .map(ModelActor.Written::folder)
                .map(Path::getFileName)
                .map(Path::toString)
                .hasValue("step-0000000002");
        assertThat(written)
                .containsExactly(
                        "1 {pairs-0=[0, 1]} before its checkpoint", "2 {pairs-0=[0, 1]} before its checkpoint");
    }

    @Test
    void serve_checkpoint_isWhatTranslatesUntilToldOtherwise() {
        train();
        train();
        Checkpoint second = Checkpoint.open(folder.resolve("step-0000000002"));
        TestProbe<ModelActor.ServeReply> served = KIT.createTestProbe();

        model.tell(new ModelActor.Serve(Optional.of(second), served.ref()));
        assertThat(served.expectMessageClass(ModelActor.Serving.class, PATIENCE).checkpoint())
                .hasValue("step-0000000002");
        train();

        assertThat(translated(ModelActor.Translate::new).model()).isEqualTo("checkpoint=step-0000000002;step=2");
        assertThat(translated(ModelActor.Preview::new).model()).isEqualTo("checkpoint=step-0000000002;step=3");
        model.tell(new ModelActor.Serve(Optional.empty(), served.ref()));
        served.expectMessageClass(ModelActor.Serving.class, PATIENCE);
        assertThat(translated(ModelActor.Translate::new).model()).endsWith(";step=3");
    }

    @Test
    void follow_processThatOnlyReads_translatesWithTheNewestCheckpoint() {
        Settings settings = settings("translate.follow-every=100 ms");
        ActorRef<ModelActor.Command> follower = KIT.spawn(
                ModelActor.create(
                        () -> BicycleGan.fresh(Engines.open(settings.model().device()), settings),
                        CheckpointStore.openReadOnly(folder),
                        settings,
                        AuditLog.NONE,
                        new Utilization()),
                ModelActor.dispatcher());
        train();
        train();

        TestProbe<TranslateReply> probe = KIT.createTestProbe();
        probe.awaitAssert(PATIENCE, () -> {
            follower.tell(new ModelActor.Translate(images(1), LATENT, probe.ref()));
            assertThat(probe.expectMessageClass(Translated.class, PATIENCE).model())
                    .isEqualTo("checkpoint=step-0000000002;step=2");
            return null;
        });
        KIT.stop(follower);
    }

    private void train() {
        TestProbe<TrainReply> probe = KIT.createTestProbe();
        model.tell(new ModelActor.Train(images(2), images(2), SEEN, RECORDS, probe.ref()));
        probe.expectMessageClass(Trained.class, PATIENCE);
    }

    private Translated translated(Question question) {
        TestProbe<TranslateReply> probe = KIT.createTestProbe();
        model.tell(question.about(images(1), LATENT, probe.ref()));
        return probe.expectMessageClass(Translated.class, PATIENCE);
    }

    private interface Question {
        ModelActor.Command about(Tensor a, Tensor z, ActorRef<TranslateReply> replyTo);
    }

    @Test
    void train_batchThatIsNotFinite_isToldAndTooManyOfThemAreACrash() {
        TestProbe<TrainReply> probe = KIT.createTestProbe();
        Tensor poisoned = Tensor.zeros(2, 3, 32, 32);
        poisoned.data()[5] = Float.NaN;

        for (int i = 0; i < 2; i++) {
            model.tell(new ModelActor.Train(poisoned, images(2), SEEN, RECORDS, probe.ref()));
            Diverged diverged = probe.expectMessageClass(Diverged.class, PATIENCE);
            assertThat(diverged.reason()).contains("not finite");
            assertThat(diverged.health().alarms()).containsExactly(Alarm.NOT_FINITE);
            TestProbe<ModelActor.Skipped> passed = KIT.createTestProbe();
            model.tell(new ModelActor.Skip(SEEN, RECORDS, diverged.reason(), passed.ref()));
            passed.expectMessageClass(ModelActor.Skipped.class, PATIENCE);
        }
        model.tell(new ModelActor.Train(poisoned, images(2), SEEN, RECORDS, probe.ref()));

        KIT.createTestProbe().expectTerminated(model, PATIENCE);
        assertThat(written).hasSize(2).containsOnly("not 1 {pairs-0=[0, 1]}");
    }

    @Test
    void train_stepsThatAreProbed_tellTheDiversity() {
        TestProbe<TrainReply> probe = KIT.createTestProbe();

        for (int i = 0; i < 2; i++) {
            model.tell(new ModelActor.Train(images(2), images(2), SEEN, RECORDS, probe.ref()));
        }

        assertThat(probe.expectMessageClass(Trained.class, PATIENCE).health().diversity())
                .isEmpty();
        assertThat(probe.expectMessageClass(Trained.class, PATIENCE).health().diversity())
                .isPresent();
    }

    @Test
    void train_batchOfAnotherShape_isRefusedAndChangesNothing() {
        TestProbe<TrainReply> probe = KIT.createTestProbe();
        TestProbe<Description> describe = KIT.createTestProbe();

        model.tell(new ModelActor.Train(Tensor.zeros(2, 3, 64, 64), images(2), SEEN, RECORDS, probe.ref()));
        Refused refused = probe.expectMessageClass(Refused.class, PATIENCE);
        model.tell(new ModelActor.Describe(describe.ref()));
        Description description = describe.receiveMessage(PATIENCE);

        assertThat(refused.reason()).contains("(2, 3, 32, 32)").contains("(2, 3, 64, 64)");
        assertThat(description.step()).isZero();
        assertThat(description.offsets()).isEqualTo(Offsets.NONE);
    }

    @Test
    void translate_imagesAndLatents_givesImagesAndTheModelsVersion() {
        TestProbe<TranslateReply> probe = KIT.createTestProbe();

        model.tell(new ModelActor.Translate(images(3), Tensor.zeros(3, 8), probe.ref()));
        Translated translated = probe.expectMessageClass(Translated.class, PATIENCE);
        model.tell(new ModelActor.Translate(images(3), Tensor.zeros(3, 5), probe.ref()));
        probe.expectMessageClass(Refused.class, PATIENCE);

        assertThat(translated.b().shape()).isEqualTo(images(3).shape());
        assertThat(translated.model()).isEqualTo("checkpoint=none;step=0");
    }

    @Test
    void translate_betweenBatches_waitsForOneStepAndNoMore() {
        TestProbe<Object> probe = KIT.createTestProbe();

        model.tell(new ModelActor.Train(
                images(2), images(2), SEEN, RECORDS, probe.ref().narrow()));
        model.tell(new ModelActor.Translate(
                images(1), Tensor.zeros(1, 8), probe.ref().narrow()));
        model.tell(new ModelActor.Train(
                images(2), images(2), SEEN, RECORDS, probe.ref().narrow()));

        probe.expectMessageClass(Trained.class, PATIENCE);
        assertThat(probe.expectMessageClass(Translated.class, PATIENCE).model()).endsWith("step=1");
        probe.expectMessageClass(Trained.class, PATIENCE);
    }

    @Test
    void encode_images_givesLatents() {
        TestProbe<EncodeReply> probe = KIT.createTestProbe();

        model.tell(new ModelActor.Encode(images(2), probe.ref()));
        Encoded encoded = probe.expectMessageClass(Encoded.class, PATIENCE);
        model.tell(new ModelActor.Encode(Tensor.zeros(2, 1, 32, 32), probe.ref()));
        probe.expectMessageClass(Refused.class, PATIENCE);

        assertThat(encoded.mu().shape()).isEqualTo(Tensor.zeros(2, 8).shape());
    }

    @Test
    void save_twiceWithoutAStep_writesOnce() {
        TestProbe<Saved> probe = KIT.createTestProbe();

        model.tell(new ModelActor.Save(probe.ref()));
        Saved first = probe.receiveMessage(PATIENCE);
        model.tell(new ModelActor.Save(probe.ref()));

        assertThat(probe.receiveMessage(PATIENCE)).isSameAs(first);
        assertThat(first.folder()).isDirectory();
    }

    private static Tensor images(int batch) {
        return Tensor.zeros(batch, 3, 32, 32);
    }
}
