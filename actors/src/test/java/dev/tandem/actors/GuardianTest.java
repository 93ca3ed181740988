package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.Guardian.Finished;
import dev.tandem.actors.Guardian.GaveUp;
import dev.tandem.actors.Guardian.Outcome;
import dev.tandem.actors.ModelActor.Saved;
import dev.tandem.actors.PipelineFactory.PlannedRestart;
import dev.tandem.config.SettingsException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.LoggingTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** A model or streams that fail, and restarts. */
class GuardianTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    private final FakeRun run = new FakeRun();

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @Test
    void pipelineFails_whileRunning_savesAndRestartsModelAndPipeline() throws Exception {
        KIT.spawn(run.guardian());
        FakeRun.Pipeline first = run.nextPipeline();

        first.finished().completeExceptionally(new IllegalStateException("broken pipe"));
        FakeRun.Pipeline second = run.nextPipeline();

        assertThat(run.models()).isEqualTo(2);
        assertThat(second.model()).isNotEqualTo(first.model());
        assertThat(first.aborted()).isDone();
        assertThat(run.saves()).as("model saved before the restart").isEqualTo(1);
    }

    @Test
    void pipelineMustRestart_moreOftenThanTheRestartLimit_savesAndRestartsWithoutAnError() {
        int restarts = FakeRun.SETTINGS.restartLimit() + 2;

        LoggingTestKit.error("").withOccurrences(0).expect(KIT.system(), () -> requestRestarts(restarts));

        assertThat(run.models()).isEqualTo(1 + restarts);
        assertThat(run.saves()).as("model saved before each restart").isEqualTo(restarts);
        assertThat(run.outcome()).isNotDone();
    }

    private Void requestRestarts(int count) {
        KIT.spawn(run.guardian());
        try {
            for (int i = 0; i < count; i++) {
                run.nextPipeline().finished().completeExceptionally(new PlannedRestart("one partition more"));
            }
            run.nextPipeline();
            return null;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void modelFails_whileRunning_restartsModelAndPipeline() throws Exception {
        KIT.spawn(run.guardian());
        FakeRun.Pipeline first = run.nextPipeline();

        first.failModel();
        run.nextPipeline();

        assertThat(run.models()).isEqualTo(2);
        FakeRun.await(first.aborted());
    }

    @Test
    void pipelineFails_beyondTheRestartLimit_givesUpWithTheLastCause() throws Exception {
        KIT.spawn(run.guardian());
        for (int i = 0; i <= FakeRun.SETTINGS.restartLimit(); i++) {
            run.nextPipeline().finished().completeExceptionally(new IllegalStateException("failure " + i));
        }

        Outcome result = run.awaitOutcome();

        assertThat(result).isInstanceOf(GaveUp.class);
        assertThat(((GaveUp) result).cause()).hasMessageContaining("failure 3");
    }

    @Test
    void pipelineFails_saveTimesOut_restartsAndIgnoresTheLateReply() throws Exception {
        run.holdSaves();
        ActorTestKit kit = ActorTestKit.create(ManualTime.config());
        try {
            kit.spawn(run.guardian());
            run.nextPipeline().finished().completeExceptionally(new IllegalStateException("broken pipe"));
            ModelActor.Save save = run.nextHeldSave();
            FakeRun.Pipeline second = run.nextPipelineAfterTimeout(ManualTime.get(kit.system()));

            save.replyTo().tell(new Saved(Path.of("saved"), 1, 2));

            assertThat(run.models()).isEqualTo(2);
            assertThat(run.outcome()).isNotDone();
            assertThat(second.aborted()).isNotDone();
        } finally {
            kit.shutdownTestKit();
        }
    }

    @Test
    void modelStarts_invalidSettings_givesUpWithoutRestart() throws Exception {
        AtomicInteger models = new AtomicInteger();
        KIT.spawn(run.guardian(Behaviors.setup(context -> {
            models.incrementAndGet();
            throw new SettingsException("no such device");
        })));

        Outcome result = run.awaitOutcome();

        assertThat(((GaveUp) result).cause())
                .isInstanceOf(SettingsException.class)
                .hasMessage("no such device");
        assertThat(models).hasValue(1);
    }

    @Test
    void abortedPipeline_failsAfterTheRestart_isIgnored() throws Exception {
        KIT.spawn(run.guardian());
        FakeRun.Pipeline first = run.nextPipeline();
        first.failModel();
        FakeRun.Pipeline second = run.nextPipeline();

        first.finished().completeExceptionally(new IllegalStateException("ask to a stopped model"));
        second.finished().complete(Done.getInstance());
        second.drained().complete(Done.getInstance());

        assertThat(run.awaitOutcome()).isInstanceOf(Finished.class);
        assertThat(run.models()).isEqualTo(2);
    }
}
