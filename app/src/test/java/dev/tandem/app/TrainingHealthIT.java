package dev.tandem.app;

import static dev.tandem.testkit.Runs.pairs;
import static dev.tandem.testkit.Runs.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.BrokerProcess;
import dev.tandem.testkit.HttpGet;
import dev.tandem.testkit.TandemProcess;
import dev.tandem.testkit.WithBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a run tells of its training, and what it does when training goes wrong. */
class TrainingHealthIT extends WithBroker {
    @Test
    void run_everyStep_isALineOfTheStepLogAndAFigureOfTheMetrics() throws Exception {
        broker.produce(pairs("healthy-pairs", 12));
        HttpGet http = new HttpGet(BrokerProcess.freePort());
        List<String> more =
                List.of("--roles", "train,http", "--set", "http.port=" + http.port(), "--set", "health.probe-every=2");
        try (TandemProcess run = TandemProcess.start(runs.arguments("healthy", more))) {
            await().atMost(PATIENCE).until(() -> http.status("/health/ready") == 200);
            await().atMost(PATIENCE).until(() -> http.metric("tandem_training_steps_total") == 3);

            assertThat(http.body("/metrics"))
                    .as(run.err())
                    .contains("tandem_training_pairs 12.0")
                    .contains("tandem_training_alarm{alarm=\"not_finite\"} 0.0")
                    .contains("tandem_training_kl{dimension=\"7\"}")
                    .contains("tandem_training_gradient_norm{network=\"generator\"}")
                    .contains("tandem_training_loss{term=\"l1\"}")
                    .containsPattern("tandem_training_diversity \\d");
        }

        List<String> lines = Files.readAllLines(folder.resolve("healthy/steps.jsonl"));
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
    void run_weightsThatOverflow_takesNoStepAndLettersEveryPair() throws IOException {
        broker.produce(pairs("overflow-pairs", 8));

        JsonNode result;
        try (TandemProcess run = runs.start(
                "overflow",
                "--stop-after-pairs",
                "8",
                "--set",
                "model.norm=none",
                "--set",
                "train.init.type=normal",
                "--set",
                "train.init.gain=10")) {
            assertThat(run.exitCode()).as(run.err()).isZero();
            result = run.json();
            assertThat(run.err())
                    .contains("skipped a training step")
                    .contains("alarm: a loss or a gradient was not finite");
        }

        assertThat(result.path("steps").asLong()).isZero();
        assertThat(result.path("pairsTrained").asLong()).as("pairs seen").isEqualTo(8);
        assertThat(result.path("deadLetters").asLong()).isEqualTo(8);
        assertThat(broker.consume("overflow-dead", 8))
                .allSatisfy(letter ->
                        assertThat(Records.header(letter, "tandem-reason")).hasValue("NOT_FINITE"));
        JsonNode state = new ObjectMapper()
                .readTree(Path.of(result.path("checkpoint").asText())
                        .resolve("state.json")
                        .toFile());
        assertThat(state.path("offsets").path("overflow-pairs-0").asLong()).isEqualTo(8);
    }

    @Test
    void run_batchAfterBatchNotFinite_endsAtOnceAndSaysWhatToDo() {
        broker.produce(pairs("hopeless-pairs", 8));

        try (TandemProcess run = runs.start(
                "hopeless",
                "--set",
                "model.norm=none",
                "--set",
                "train.init.type=normal",
                "--set",
                "train.init.gain=10",
                "--set",
                "health.give-up-after=2")) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("tandem: 2 batches in a row could not be trained on")
                    .contains("lower train.learning-rate")
                    .doesNotContain("\tat ");
        }
    }
}
