package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.testkit.guarantee.AuditTrail;
import dev.tandem.testkit.guarantee.ExactlyOnce;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.RunResult;
import dev.tandem.testkit.stream.TestRecords;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** SIGTERM during a training step. */
class GracefulStopIT extends BrokerTest {
    /** The exit code of a process that SIGTERM ended. */
    private static final int SIGTERM_EXIT_CODE = 143;

    private static final int PAIRS = 256;
    private static final int BATCH_SIZE = 4;

    @Test
    void sigterm_duringAStep_finishesItWritesACheckpointAndExitsWithZero() {
        try (TandemProcess run = startLongSteps("graceful", 128, 32)) {
            awaitFirstStep("graceful", run);

            run.terminate();

            RunResult result = RunResult.of(run);
            int pairs = (int) result.pairsTrained();
            AuditTrail trail = result.auditTrail();
            assertThat(pairs).isBetween(BATCH_SIZE, PAIRS - 1);
            assertThat(trail.pairs()).isEqualTo(pairs);
            assertThat(result.nextOffset("graceful-pairs-0")).isEqualTo(pairs);
            assertThat(kafka.admin().committedOffset("graceful", "graceful-pairs"))
                    .isEqualTo(pairs);
            new ExactlyOnce(TestRecords.origins("graceful-pairs", pairs), trail.records()).verify();
        }
    }

    @Test
    void sigterm_twice_exitsImmediately() {
        try (TandemProcess run = startLongSteps("impatient", 256, 64)) {
            awaitFirstStep("impatient", run);
            // Without a broker the graceful stop cannot end before the second signal.
            broker.suspend();

            run.terminate();
            run.awaitErr("a second signal stops immediately");
            run.terminate();

            assertThat(run.exitCode()).as(run.err()).isEqualTo(SIGTERM_EXIT_CODE);
            assertThat(folder.resolve("impatient"))
                    .as("a graceful stop would write a checkpoint")
                    .isDirectoryNotContaining("glob:**/step-*");
        } finally {
            broker.resume();
        }
    }

    private TandemProcess startLongSteps(String name, int imageSize, int width) {
        kafka.produce(TestRecords.pairs(name + "-pairs", PAIRS));
        return runs.run(name)
                .withJavaOptions("-Xmx2g")
                .set(
                        "model.image-size=" + imageSize,
                        "model.width=" + width,
                        "checkpoint.every-steps=1000",
                        "topics.admin-timeout=10 minutes",
                        "run.drain-timeout=10 minutes")
                .start();
    }

    private void awaitFirstStep(String name, TandemProcess run) {
        Path log = folder.resolve(name).resolve("steps.jsonl");
        await().atMost(TIMEOUT)
                .alias("the first step of " + name)
                .until(() -> log.toFile().length() > 0 || !run.isAlive());
        assertThat(run.isAlive()).as(run.err()).isTrue();
    }
}
