package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.testkit.Runs;
import dev.tandem.testkit.TandemProcess;
import dev.tandem.testkit.WithBroker;
import dev.tandem.testkit.guarantee.AuditTrail;
import dev.tandem.testkit.guarantee.ExactlyOnce;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** SIGTERM in the middle of a step. */
class GracefulStopIT extends WithBroker {
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final Duration AT_ONCE = Duration.ofSeconds(5);
    private static final int KILLED = 143;
    private static final int PAIRS = 64;
    private static final int BATCH = 4;

    @Test
    void sigterm_inTheMiddleOfAStep_endsItKeepsItAndExitsWithZero() {
        try (TandemProcess run = startLongSteps("graceful", "128", "32")) {
            awaitFirstStep("graceful", run);

            run.terminate();

            assertThat(run.endsWithin(GRACE)).as(run.err()).isTrue();
            assertThat(run.exitCode()).as(run.err()).isZero();
            int pairs = run.json().path("pairsTrained").asInt();
            AuditTrail trail =
                    AuditTrail.of(Path.of(run.json().path("checkpoint").asText()));
            assertThat(pairs).isBetween(BATCH, PAIRS - 1);
            assertThat(trail.pairs()).isEqualTo(pairs);
            assertThat(Path.of(run.json().path("checkpoint").asText()).resolve("state.json"))
                    .content()
                    .containsPattern("\"graceful-pairs-0\" : " + pairs + "\\b");
            assertThat(broker.committed("graceful", "graceful-pairs")).isEqualTo(pairs);
            new ExactlyOnce(
                            IntStream.range(0, pairs)
                                    .mapToObj(i -> "graceful-pairs-0-" + i)
                                    .toList(),
                            trail.records())
                    .verify();
        }
    }

    @Test
    void sigterm_twice_endsAtOnce() {
        try (TandemProcess run = startLongSteps("impatient", "256", "64")) {
            awaitFirstStep("impatient", run);

            run.terminate();
            run.awaitErr("a second signal stops immediately");
            run.terminate();

            assertThat(run.endsWithin(AT_ONCE)).as(run.err()).isTrue();
            assertThat(run.exitCode()).isEqualTo(KILLED);
        }
    }

    private TandemProcess startLongSteps(String name, String size, String width) {
        broker.produce(Runs.pairs(name + "-pairs", PAIRS));
        return TandemProcess.start(
                runs.arguments(
                        name,
                        List.of(
                                "--roles",
                                "train,translate",
                                "--set",
                                "model.image-size=" + size,
                                "--set",
                                "model.width=" + width,
                                "--set",
                                "checkpoint.every-steps=1000")),
                "-Xmx2g");
    }

    private void awaitFirstStep(String name, TandemProcess run) {
        Path log = folder.resolve(name).resolve("steps.jsonl");
        await().atMost(PATIENCE)
                .alias("a first step of " + name)
                .until(() -> log.toFile().length() > 0 || !run.isAlive());
        assertThat(run.isAlive()).as(run.err()).isTrue();
    }
}
