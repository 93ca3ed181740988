package dev.tandem.app;

import static dev.tandem.testkit.stream.TestRecords.pairs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.OutputRecords;
import dev.tandem.testkit.stream.RunResult;
import dev.tandem.testkit.stream.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Figures and alarms of training, and what a run does when losses are not finite. */
class TrainingHealthIT extends BrokerTest {
    @Test
    void run_everyStep_isInTheStepLogAndInTheMetrics() throws IOException {
        kafka.produce(pairs("healthy-pairs", 12));
        HttpTestClient http = HttpTestClient.onFreePort();
        try (TandemProcess run = runs.run("healthy", "train,http")
                .set("http.port=" + http.port(), "health.probe-every=2")
                .start()) {
            http.awaitReady(run);
            await().atMost(TIMEOUT).until(() -> http.metric("tandem_training_steps_total") == 3);

            assertThat(http.body("/metrics"))
                    .as(run.err())
                    .contains("tandem_training_pairs 12.0")
                    .contains("tandem_training_alarm{alarm=\"not_finite\"} 0.0")
                    .contains("tandem_training_kl{dimension=\"7\"}")
                    .contains("tandem_training_gradient_norm{network=\"generator\"}")
                    .contains("tandem_training_loss{term=\"l1\"}")
                    .containsPattern("tandem_training_diversity \\d");
        }
        assertHasThreeSteps(folder.resolve("healthy/steps.jsonl"));
    }

    private static void assertHasThreeSteps(Path stepLog) throws IOException {
        List<String> lines = Files.readAllLines(stepLog);
        assertThat(lines).hasSize(3);
        JsonNode last = new ObjectMapper().readTree(lines.get(2));
        assertThat(last.path("step").asLong()).isEqualTo(3);
        assertThat(last.path("pairs").asLong()).isEqualTo(12);
        assertThat(last.path("records")).hasToString("{\"healthy-pairs-0\":[[8,12]]}");
        assertThat(last.path("losses").path("l1").asDouble()).isPositive();
        assertThat(last.path("klPerDimension")).hasSize(8);
        assertThat(last.path("gradientNorms").path("d_lr").asDouble()).isPositive();
        assertThat(last.path("diversity").asDouble()).isNotNegative();
    }

    @Test
    void run_weightsOverflow_skipsEveryStepAndItsPairsBecomeDeadLetters() {
        kafka.produce(pairs("overflow-pairs", 8));

        RunResult result;
        try (TandemProcess run = overflowing("overflow").stopAfterPairs(8).start()) {
            result = RunResult.of(run);
            assertThat(run.err())
                    .contains("skipped a training step")
                    .contains("alarm: a loss or a gradient was not finite");
        }

        assertThat(result.steps()).isZero();
        assertThat(result.pairsTrained()).as("pairs read").isEqualTo(8);
        assertThat(result.deadLetters()).isEqualTo(8);
        assertThat(kafka.consume("overflow-dead", 8))
                .allSatisfy(deadLetter ->
                        assertThat(OutputRecords.reason(deadLetter)).isEqualTo("NOT_FINITE"));
        assertThat(result.nextOffset("overflow-pairs-0")).isEqualTo(8);
    }

    @Test
    void run_repeatedBatchesNotFinite_stopsAndNamesARemedy() {
        kafka.produce(pairs("hopeless-pairs", 8));

        try (TandemProcess run =
                overflowing("hopeless").set("health.give-up-after=2").start()) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("tandem: 2 batches in a row could not be trained on")
                    .contains("lower train.learning-rate")
                    .doesNotContain("\tat ");
        }
    }

    /** A run with initial weights so large that the first losses are infinite. */
    private TestRun overflowing(String name) {
        return runs.run(name).set("model.norm=none", "train.init.type=normal", "train.init.gain=10");
    }
}
