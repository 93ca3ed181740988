package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.Guardian.Outcome;
import dev.tandem.actors.ModelActor.Description;
import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.config.MemoryLimits;
import dev.tandem.config.RunSettings;
import dev.tandem.model.checkpoint.Offsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** The parts of a run around a {@link Guardian}: a fake model, and fake streams that end and fail as a test demands. */
final class FakeRun {
    private static final Duration HANG = Duration.ofMinutes(1);
    private static final Duration FIRST_RESTART_DELAY = Duration.ofMillis(10);
    /** So long that the guardian does not reset its number of restarts on a slow machine. */
    private static final Duration RESTART_MAX = Duration.ofMinutes(1);

    static final RunSettings SETTINGS = settings(Duration.ofMinutes(1));

    private final AtomicInteger models = new AtomicInteger();
    private final AtomicInteger saves = new AtomicInteger();
    private final BlockingQueue<ModelActor.Save> heldSaves = new LinkedBlockingQueue<>();
    private final BlockingQueue<Pipeline> started = new LinkedBlockingQueue<>();
    private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
    private volatile boolean holdsSaves;

    /** Fake streams. Each future is completed by the streams or by the test. */
    record Pipeline(
            ActorRef<ModelActor.Command> model,
            CompletableFuture<Done> finished,
            CompletableFuture<Done> aborted,
            CompletableFuture<Done> draining,
            CompletableFuture<Done> drained)
            implements PipelineFactory.Running {

        private Pipeline(ActorRef<ModelActor.Command> model) {
            this(
                    model,
                    new CompletableFuture<>(),
                    new CompletableFuture<>(),
                    new CompletableFuture<>(),
                    new CompletableFuture<>());
        }

        /** Makes the model of the streams fail. */
        void failModel() {
            model.tell(new ModelActor.Train(null, null, Offsets.NONE, Map.of(), null));
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

    static RunSettings settings(Duration drainTimeout) {
        return new RunSettings(
                "test",
                Optional.empty(),
                Duration.ofMinutes(1),
                drainTimeout,
                FIRST_RESTART_DELAY,
                RESTART_MAX,
                3,
                MemoryLimits.NONE);
    }

    Behavior<Guardian.Command> guardian() {
        return guardian(SETTINGS, model());
    }

    Behavior<Guardian.Command> guardian(RunSettings settings) {
        return guardian(settings, model());
    }

    Behavior<Guardian.Command> guardian(Behavior<ModelActor.Command> model) {
        return guardian(SETTINGS, model);
    }

    private Behavior<Guardian.Command> guardian(RunSettings settings, Behavior<ModelActor.Command> model) {
        return Guardian.create(model, this::start, settings, outcome::complete);
    }

    private PipelineFactory.Running start(
            ActorSystem<?> system,
            ActorRef<ModelActor.Command> model,
            ActorRef<SamplerActor.Command> sampler,
            Description description) {
        Pipeline pipeline = new Pipeline(model);
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
                        if (holdsSaves) {
                            heldSaves.add(save);
                        } else {
                            save.replyTo().tell(new Saved(Path.of("saved"), 1, 2));
                        }
                        return Behaviors.same();
                    })
                    .onMessage(ModelActor.Train.class, train -> {
                        throw new IllegalStateException("device failed");
                    })
                    .build();
        });
    }

    /** Number of models that were started. */
    int models() {
        return models.get();
    }

    int saves() {
        return saves.get();
    }

    /** From now on, the model does not answer a request to save. */
    void holdSaves() {
        holdsSaves = true;
    }

    ModelActor.Save nextHeldSave() throws InterruptedException {
        return heldSaves.poll(HANG.toSeconds(), TimeUnit.SECONDS);
    }

    Pipeline nextPipeline() throws InterruptedException {
        Pipeline pipeline = started.poll(HANG.toSeconds(), TimeUnit.SECONDS);
        assertThat(pipeline).as("pipeline started").isNotNull();
        return pipeline;
    }

    /** Lets time pass until the save times out and the delay of the restart is over. */
    Pipeline nextPipelineAfterTimeout(ManualTime time) throws InterruptedException {
        time.timePasses(SETTINGS.stepTimeout());
        Optional<Pipeline> next = Optional.empty();
        while (next.isEmpty()) {
            time.timePasses(FIRST_RESTART_DELAY.multipliedBy(2));
            next = Optional.ofNullable(started.poll(1, TimeUnit.SECONDS));
        }
        return next.get();
    }

    CompletableFuture<Outcome> outcome() {
        return outcome;
    }

    Outcome awaitOutcome() throws Exception {
        return await(outcome);
    }

    static <T> T await(CompletableFuture<T> result) throws Exception {
        return result.get(HANG.toSeconds(), TimeUnit.SECONDS);
    }
}
