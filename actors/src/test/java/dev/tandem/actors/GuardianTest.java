package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.Guardian.Finished;
import dev.tandem.actors.Guardian.GaveUp;
import dev.tandem.actors.Guardian.Outcome;
import dev.tandem.actors.ModelActor.Description;
import dev.tandem.actors.ModelActor.Saved;
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
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** With a model and streams that do nothing but fail and end when told. */
class GuardianTest {
    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final RunSettings QUICK = new RunSettings(
            "test",
            Optional.empty(),
            Duration.ofSeconds(10),
            Duration.ofMinutes(1),
            Duration.ofMillis(10),
            Duration.ofMillis(20),
            3,
            OptionalLong.empty());

    private final AtomicInteger models = new AtomicInteger();
    private final AtomicInteger saves = new AtomicInteger();
    private volatile Duration savesAfter = Duration.ZERO;
    private final BlockingQueue<FakeStreams> started = new LinkedBlockingQueue<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

    private static final class FakeStreams implements PipelineFactory.Running {
        private final CompletableFuture<Done> finished = new CompletableFuture<>();
        private final CompletableFuture<Done> aborted = new CompletableFuture<>();
        private final CompletableFuture<Done> draining = new CompletableFuture<>();
        private final CompletableFuture<Done> drained = new CompletableFuture<>();
        private final ActorRef<ModelActor.Command> model;

        private FakeStreams(ActorRef<ModelActor.Command> model) {
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
    void streamsFail_always_rebuildsModelAndStreamsTogether() throws Exception {
        KIT.spawn(guardian(model()));
        FakeStreams first = next();

        first.finished.completeExceptionally(new IllegalStateException("broken pipe"));
        FakeStreams second = next();

        assertThat(models).hasValue(2);
        assertThat(second.model).isNotEqualTo(first.model);
        assertThat(first.aborted).isDone();
        assertThat(saves).as("what was learnt is kept before it is rebuilt").hasValue(1);
    }

    @Test
    void modelFails_always_rebuildsModelAndStreamsTogether() throws Exception {
        KIT.spawn(guardian(model()));
        FakeStreams first = next();

        first.model.tell(new ModelActor.Train(null, null, Offsets.NONE, Map.of(), null));
        next();

        assertThat(models).hasValue(2);
        first.aborted.get(10, TimeUnit.SECONDS);
    }

    @Test
    void failures_beyondTheLimit_giveUpWithTheLastCause() throws Exception {
        KIT.spawn(guardian(model()));
        for (int i = 0; i <= QUICK.restartLimit(); i++) {
            next().finished.completeExceptionally(new IllegalStateException("failure " + i));
        }

        Outcome ended = outcome.get(10, TimeUnit.SECONDS);

        assertThat(ended).isInstanceOf(GaveUp.class);
        assertThat(((GaveUp) ended).cause()).hasMessageContaining("failure 3");
    }

    @Test
    void streamsFail_modelThatAnswersTooLate_isRebuiltAndTheAnswerEndsNothing() throws Exception {
        savesAfter = Duration.ofMillis(1500);
        RunSettings hasty = new RunSettings(
                "test",
                Optional.empty(),
                Duration.ofSeconds(1),
                Duration.ofMillis(100),
                Duration.ofMillis(10),
                Duration.ofMillis(20),
                3,
                OptionalLong.empty());
        KIT.spawn(Guardian.create(model(), this::start, hasty, outcome::complete));
        next().finished.completeExceptionally(new IllegalStateException("broken pipe"));

        FakeStreams second = next();

        assertThat(models).hasValue(2);
        assertThat(outcome).isNotDone();
        assertThat(second.aborted).isNotDone();
    }

    @Test
    void settingsThatCannotWork_always_giveUpAtOnce() throws Exception {
        KIT.spawn(guardian(Behaviors.setup(context -> {
            models.incrementAndGet();
            throw new SettingsException("no such device");
        })));

        Outcome ended = outcome.get(10, TimeUnit.SECONDS);

        assertThat(((GaveUp) ended).cause())
                .isInstanceOf(SettingsException.class)
                .hasMessage("no such device");
        assertThat(models).hasValue(1);
    }

    @Test
    void streamsFinish_boundedRun_savesAndEnds() throws Exception {
        KIT.spawn(guardian(model()));

        FakeStreams streams = next();
        streams.finished.complete(Done.getInstance());
        streams.drained.complete(Done.getInstance());

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo(new Finished(new Saved(Path.of("saved"), 1, 2)));
    }

    @Test
    void streamsOfBefore_failLate_disturbNothing() throws Exception {
        KIT.spawn(guardian(model()));
        FakeStreams first = next();
        first.model.tell(new ModelActor.Train(null, null, Offsets.NONE, Map.of(), null));
        FakeStreams second = next();

        first.finished.completeExceptionally(new IllegalStateException("asked a dead model"));
        second.finished.complete(Done.getInstance());
        second.drained.complete(Done.getInstance());

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(Finished.class);
        assertThat(models).hasValue(2);
    }

    @Test
    void stop_drainFails_savesAndEnds() throws Exception {
        ActorRef<Guardian.Command> guardian = KIT.spawn(guardian(model()));
        next().drained.completeExceptionally(new IllegalStateException("broker gone"));

        guardian.tell(new Guardian.Stop());

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(Finished.class);
    }

    @Test
    void stop_drainNeverEnds_savesAndEndsAfterTheTimeout() throws Exception {
        RunSettings impatient = new RunSettings(
                QUICK.group(),
                QUICK.instance(),
                QUICK.stepTimeout(),
                Duration.ofMillis(200),
                QUICK.restartMin(),
                QUICK.restartMax(),
                QUICK.restartLimit(),
                QUICK.maxOffHeap());
        ActorRef<Guardian.Command> guardian =
                KIT.spawn(Guardian.create(model(), this::start, impatient, outcome::complete));
        FakeStreams streams = next();

        guardian.tell(new Guardian.Stop());

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(Finished.class);
        assertThat(streams.aborted).isDone();
    }

    @Test
    void modelFails_whileStopping_givesUpAndDoesNotStartAgain() throws Exception {
        ActorRef<Guardian.Command> guardian = KIT.spawn(guardian(model()));
        FakeStreams streams = next();

        guardian.tell(new Guardian.Stop());
        streams.draining.get(10, TimeUnit.SECONDS);
        streams.model.tell(new ModelActor.Train(null, null, Offsets.NONE, Map.of(), null));

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(GaveUp.class);
        assertThat(models).hasValue(1);
    }

    @Test
    void stop_whileRunning_drainsSavesAndEnds() throws Exception {
        ActorRef<Guardian.Command> guardian = KIT.spawn(guardian(model()));
        next().drained.complete(Done.getInstance());

        guardian.tell(new Guardian.Stop());

        assertThat(outcome.get(10, TimeUnit.SECONDS)).isInstanceOf(Finished.class);
    }

    private FakeStreams next() throws InterruptedException {
        FakeStreams streams = started.poll(10, TimeUnit.SECONDS);
        assertThat(streams).as("streams started").isNotNull();
        return streams;
    }

    private Behavior<Guardian.Command> guardian(Behavior<ModelActor.Command> model) {
        return Guardian.create(model, this::start, QUICK, outcome::complete);
    }

    private PipelineFactory.Running start(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            Description description) {
        FakeStreams streams = new FakeStreams(model);
        started.add(streams);
        return streams;
    }

    private Behavior<ModelActor.Command> model() {
        return Behaviors.setup(context -> {
            models.incrementAndGet();
            return Behaviors.receive(ModelActor.Command.class)
                    .onMessage(ModelActor.Describe.class, describe -> {
                        describe.replyTo()
                                .tell(new Description(1, 2, Offsets.NONE, 8, true, "nowhere", Optional.empty()));
                        return Behaviors.same();
                    })
                    .onMessage(ModelActor.Save.class, save -> {
                        saves.incrementAndGet();
                        LockSupport.parkNanos(savesAfter.toNanos());
                        save.replyTo().tell(new Saved(Path.of("saved"), 1, 2));
                        return Behaviors.same();
                    })
                    .onMessage(ModelActor.Train.class, train -> {
                        throw new IllegalStateException("broken device");
                    })
                    .build();
        });
    }
}
