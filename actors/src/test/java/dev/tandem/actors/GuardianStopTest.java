package dev.tandem.actors;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.Guardian.Finished;
import dev.tandem.actors.Guardian.GaveUp;
import dev.tandem.actors.ModelActor.Saved;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.pekko.Done;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/** The end of a run, and faults during it. */
class GuardianStopTest {
    private static final ActorTestKit KIT = ActorTestKit.create();

    private final FakeRun run = new FakeRun();

    @AfterAll
    static void shutdown() {
        KIT.shutdownTestKit();
    }

    @Test
    void stop_drainFails_savesAndEnds() throws Exception {
        ActorRef<Guardian.Command> guardian = KIT.spawn(run.guardian());
        run.nextPipeline().drained().completeExceptionally(new IllegalStateException("broker unreachable"));

        guardian.tell(new Guardian.Stop());

        assertThat(run.awaitOutcome()).isInstanceOf(Finished.class);
    }

    @Test
    void stop_drainTimesOut_abortsSavesAndEnds() throws Exception {
        ActorRef<Guardian.Command> guardian = KIT.spawn(run.guardian(FakeRun.settings(Duration.ofMillis(200))));
        FakeRun.Pipeline pipeline = run.nextPipeline();

        guardian.tell(new Guardian.Stop());

        assertThat(run.awaitOutcome()).isInstanceOf(Finished.class);
        assertThat(pipeline.aborted()).isDone();
    }

    @Test
    void modelFails_whileStopping_givesUpWithoutRestart() throws Exception {
        ActorRef<Guardian.Command> guardian = KIT.spawn(run.guardian());
        FakeRun.Pipeline pipeline = run.nextPipeline();

        guardian.tell(new Guardian.Stop());
        FakeRun.await(pipeline.draining());
        pipeline.failModel();

        assertThat(run.awaitOutcome()).isInstanceOf(GaveUp.class);
        assertThat(run.models()).isEqualTo(1);
    }

    @Test
    void stop_whileRunning_drainsSavesAndEnds() throws Exception {
        ActorRef<Guardian.Command> guardian = KIT.spawn(run.guardian());
        run.nextPipeline().drained().complete(Done.getInstance());

        guardian.tell(new Guardian.Stop());

        assertThat(run.awaitOutcome()).isInstanceOf(Finished.class);
    }

    @Test
    void pipelineFinishes_boundedRun_savesAndEnds() throws Exception {
        KIT.spawn(run.guardian());

        FakeRun.Pipeline pipeline = run.nextPipeline();
        pipeline.finished().complete(Done.getInstance());
        pipeline.drained().complete(Done.getInstance());

        assertThat(run.awaitOutcome()).isEqualTo(new Finished(new Saved(Path.of("saved"), 1, 2)));
    }
}
