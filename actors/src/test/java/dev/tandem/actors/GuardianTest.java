package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.Guardian.Finished;
import dev.tandem.actors.Guardian.GaveUp;
import dev.tandem.actors.Guardian.Outcome;
import dev.tandem.actors.ModelActor.Description;
import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.actors.PipelineFactory.PlannedRestart;
import dev.tandem.config.RunSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.checkpoint.Offsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** Uses a fake model, and fake streams whose end and failure the tests control. */
class GuardianTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final RunSettings SETTINGS = settings(Duration.ofMinutes(1), Duration.ofMinutes(1));

    private final AtomicInteger models = new AtomicInteger();
    private final AtomicInteger saves = new AtomicInteger();
    private final BlockingQueue<ModelActor.Save> unanswered = new LinkedBlockingQueue<>();
    private volatile boolean answersSave = true;
    private final BlockingQueue<FakePipeline> started = new LinkedBlockingQueue<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    private static final class FakePipeline implements PipelineFactory.Running {
        private final CompletableFuture<Done> finished = new CompletableFuture<>();
        private final CompletableFuture<Done> aborted = new CompletableFuture<>();
        private final CompletableFuture<Done> draining = new CompletableFuture<>();
        private final CompletableFuture<Done> drained = new CompletableFuture<>();
        private final ActorRef<ModelActor.Command> model;

        private FakePipeline(ActorRef<ModelActor.Command> model) {
            this.model = model;
        }

        @Override
        public CompletionStage<Done> finished() {
            return finished;
        }

        @Override
        public CompletionStage<Done> drain() {
            draining.complete(Done.getInstance());
            return drained;
        }

        @Override
        public void abort() {
            aborted.complete(Done.getInstance());
        }
    }

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @Test
    void pipelineFails_whileRunning_savesAndRestartsModelAndPipeline() throws Exception {
        KIT.spawn(guardian(model()));
        FakePipeline first = nextPipeline();

        first.finished.completeExceptionally(new IllegalStateException("broken pipe"));
        FakePipeline second = nextPipeline();

        assertThat(models).hasValue(2);
        assertThat(second.model).isNotEqualTo(first.model);
        assertThat(first.aborted).isDone();
        assertThat(saves).as("model saved before the restart").hasValue(1);
    }

    @Test
    void pipelineMustRestart_moreOftenThanTheRestartLimit_savesAndRestartsWithoutAnError() {
        int restarts = SETTINGS.restartLimit() + 2;

        LoggingTestKit.error("").withOccurrences(0).expect(KIT.system(), () -> requestRestarts(restarts));

        assertThat(models).hasValue(1 + restarts);
        assertThat(saves).as("model saved before each restart").hasValue(restarts);
        assertThat(outcome).isNotDone();
    }

    private Void requestRestarts(int count) {
        KIT.spawn(guardian(model()));
        try {
            for (int i = 0; i < count; i++) {
                nextPipeline().finished.completeExceptionally(new PlannedRestart("one partition more"));
            }
            nextPipeline();
            return null;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void modelFails_whileRunning_restartsModelAndPipeline() throws Exception {
        KIT.spawn(guardian(model()));
        FakePipeline first = nextPipeline();

        first.model.tell(new ModelActor.Train(null, null, Offsets.NONE, Map.of(), null));
        nextPipeline();

        assertThat(models).hasValue(2);
        first.aborted.get(1, TimeUnit.MINUTES);
    }

    @Test
    void pipelineFails_beyondTheRestartLimit_givesUpWithTheLastCause() throws Exception {
        KIT.spawn(guardian(model()));
        for (int i = 0; i <= SETTINGS.restartLimit(); i++) {
            nextPipeline().finished.completeExceptionally(new IllegalStateException("failure " + i));
        }

        Outcome result = outcome.get(1, TimeUnit.MINUTES);

        assertThat(result).isInstanceOf(GaveUp.class);
        assertThat(((GaveUp) result).cause()).hasMessageContaining("failure 3");
    }

    @Test
    void pipelineFails_saveTimesOut_restartsAndIgnoresTheLateReply() throws Exception {
        answersSave = false;
        ActorTestKit kit = ActorTestKit.create(ManualTime.config());
        try {
            kit.spawn(guardian(model()));
            nextPipeline().finished.completeExceptionally(new IllegalStateException("broken pipe"));
            ModelActor.Save save = unanswered.poll(1, TimeUnit.MINUTES);
            FakePipeline second = nextPipelineAfterTimeout(ManualTime.get(kit.system()));

            save.replyTo().tell(new Saved(Path.of("saved"), 1, 2));

            assertThat(models).hasValue(2);
            assertThat(outcome).isNotDone();
            assertThat(second.aborted).isNotDone();
        } finally {
            kit.shutdownTestKit();
        }
    }

    @Test
    void modelStarts_invalidSettings_givesUpWithoutRestart() throws Exception {
        KIT.spawn(guardian(Behaviors.setup(context -> {
            models.incrementAndGet();
            throw new SettingsException("no such device");
        })));

        Outcome result = outcome.get(1, TimeUnit.MINUTES);

        assertThat(((GaveUp) result).cause())
                .isInstanceOf(SettingsException.class)
                .hasMessage("no such device");
        assertThat(models).hasValue(1);
    }

    @Test
    void pipelineFinishes_boundedRun_savesAndEnds() throws Exception {
        KIT.spawn(guardian(model()));

        FakePipeline pipeline = nextPipeline();
        pipeline.finished.complete(Done.getInstance());
        pipeline.drained.complete(Done.getInstance());

        assertThat(outcome.get(1, TimeUnit.MINUTES)).isEqualTo(new Finished(new Saved(Path.of("saved"), 1, 2)));
    }

    @Test
    void abortedPipeline_failsAfterTheRestart_isIgnored() throws Exception {
        KIT.spawn(guardian(model()));
        FakePipeline first = nextPipeline();
        first.model.tell(new ModelActor.Train(null, null, Offsets.NONE, Map.of(), null));
        FakePipeline second = nextPipeline();

        first.finished.completeExceptionally(new IllegalStateException("ask to a stopped model"));
        second.finished.complete(Done.getInstance());
        second.drained.complete(Done.getInstance());

        assertThat(outcome.get(1, TimeUnit.MINUTES)).isInstanceOf(Finished.class);
        assertThat(models).hasValue(2);
    }

    @Test
    void stop_drainFails_savesAndEnds() throws Exception {
        ActorRef<Guardian.Command> guardian = KIT.spawn(guardian(model()));
        nextPipeline().drained.completeExceptionally(new IllegalStateException("broker unreachable"));

        guardian.tell(new Guardian.Stop());

        assertThat(outcome.get(1, TimeUnit.MINUTES)).isInstanceOf(Finished.class);
    }

    @Test
    void stop_drainTimesOut_abortsSavesAndEnds() throws Exception {
        RunSettings shortDrain = settings(Duration.ofMinutes(1), Duration.ofMillis(200));
        ActorRef<Guardian.Command> guardian =
                KIT.spawn(Guardian.create(model(), this::start, shortDrain, outcome::complete));
        FakePipeline pipeline = nextPipeline();

        guardian.tell(new Guardian.Stop());

        assertThat(outcome.get(1, TimeUnit.MINUTES)).isInstanceOf(Finished.class);
        assertThat(pipeline.aborted).isDone();
    }

    @Test
    void modelFails_whileStopping_givesUpWithoutRestart() throws Exception {
        ActorRef<Guardian.Command> guardian = KIT.spawn(guardian(model()));
        FakePipeline pipeline = nextPipeline();

        guardian.tell(new Guardian.Stop());
        pipeline.draining.get(1, TimeUnit.MINUTES);
        pipeline.model.tell(new ModelActor.Train(null, null, Offsets.NONE, Map.of(), null));

        assertThat(outcome.get(1, TimeUnit.MINUTES)).isInstanceOf(GaveUp.class);
        assertThat(models).hasValue(1);
    }

    @Test
    void stop_whileRunning_drainsSavesAndEnds() throws Exception {
        ActorRef<Guardian.Command> guardian = KIT.spawn(guardian(model()));
        nextPipeline().drained.complete(Done.getInstance());

        guardian.tell(new Guardian.Stop());

        assertThat(outcome.get(1, TimeUnit.MINUTES)).isInstanceOf(Finished.class);
    }

    private static RunSettings settings(Duration stepTimeout, Duration drainTimeout) {
        return new RunSettings(
                "test",
                Optional.empty(),
                stepTimeout,
                drainTimeout,
                Duration.ofMillis(10),
                Duration.ofMillis(20),
                3,
                OptionalLong.empty());
    }

    private FakePipeline nextPipeline() throws InterruptedException {
        FakePipeline pipeline = started.poll(1, TimeUnit.MINUTES);
        assertThat(pipeline).as("pipeline started").isNotNull();
        return pipeline;
    }

    /** Lets time pass until the save times out and the delay of the restart is over. */
    private FakePipeline nextPipelineAfterTimeout(ManualTime time) throws InterruptedException {
        time.timePasses(SETTINGS.stepTimeout());
        Optional<FakePipeline> next = Optional.empty();
        while (next.isEmpty()) {
            time.timePasses(SETTINGS.restartMax());
            next = Optional.ofNullable(started.poll(1, TimeUnit.SECONDS));
        }
        return next.get();
    }

    private Behavior<Guardian.Command> guardian(Behavior<ModelActor.Command> model) {
        return Guardian.create(model, this::start, SETTINGS, outcome::complete);
    }

    private PipelineFactory.Running start(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            Description description) {
        FakePipeline pipeline = new FakePipeline(model);
        started.add(pipeline);
        return pipeline;
    }

    private Behavior<ModelActor.Command> model() {
        return Behaviors.setup(context -> {
            models.incrementAndGet();
            return Behaviors.receive(ModelActor.Command.class)
                    .onMessage(ModelActor.Describe.class, describe -> {
                        describe.replyTo().tell(new Description(1, 2, Offsets.NONE, 8, true, "cpu", Optional.empty()));
                        return Behaviors.same();
                    })
                    .onMessage(ModelActor.Save.class, save -> {
                        saves.incrementAndGet();
                        if (answersSave) {
                            save.replyTo().tell(new Saved(Path.of("saved"), 1, 2));
                        } else {
                            unanswered.add(save);
                        }
                        return Behaviors.same();
                    })
                    .onMessage(ModelActor.Train.class, train -> {
                        throw new IllegalStateException("device failed");
                    })
                    .build();
        });
    }
}
