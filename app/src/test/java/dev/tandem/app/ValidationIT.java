package dev.tandem.app;

import static dev.tandem.testkit.client.HttpResponses.json;
import static dev.tandem.testkit.stream.TestRecords.pairs;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.RunResult;
import dev.tandem.testkit.stream.TestRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A run that measures its model on held-out pairs. */
class ValidationIT extends BrokerTest {

    @Test
    void run_validationData_isInMetricsStepLogAndCheckpointsAndTheBestIsKept() throws IOException {
        Path data = folder.resolve("data");
        TandemProcess.run("dataset", "shapes", "--size", "32", "--limit", "400", "--out", data.toString())
                .assertSuccess();
        kafka.produce(pairs("validated-pairs", 32));
        HttpTestClient http = HttpTestClient.onFreePort();
        try (TandemProcess run = runs.run("validated", "train,http")
                .set(
                        "http.port=" + http.port(),
                        "train.validation.data=" + data,
                        "train.validation.every-steps=3",
                        "train.validation.samples=2",
                        "checkpoint.every-steps=2",
                        "checkpoint.keep=1")
                .start()) {
            http.awaitReady(run);
            await().atMost(TIMEOUT).until(() -> http.metric("tandem_training_steps_total") == 8);

            assertThat(http.metric("tandem_validation_step")).as(run.err()).isEqualTo(8);
            assertThat(http.metric("tandem_validation_nearest_l1")).isBetween(0.0, 1.0);
            assertThat(run.err()).contains("inputs of " + data + ", every 3 steps and before each checkpoint");
            assertTheBestIsKept(json(http.get("/v1/checkpoints")).path("checkpoints"));
        }
        assertThat(validatedSteps()).containsExactly(2L, 3L, 4L, 6L, 8L);
    }

    @Test
    void run_shareOfTheStream_isNotTrainedOnAndIsTheSameAfterARestart() throws IOException {
        kafka.produce(pairs("held-out-pairs", 160));

        String heldOut;
        try (TandemProcess first = withShare().stopAfterPairs(24).start()) {
            RunResult result = RunResult.of(first);
            assertThat(first.err()).contains("validation: 2 inputs are collected");
            assertThat(result.pairsTrained()).isEqualTo(24);
            assertTrainedOnAllPairsOfAnOutlineOrNone(result);
            heldOut = heldOutPairs(result);
        }
        try (TandemProcess second = withShare().stopAfterPairs(48).start()) {
            RunResult result = RunResult.of(second);
            assertThat(second.err())
                    .contains("validation: 2 inputs of an earlier run, in " + folder.resolve("held-out"));
            assertThat(heldOutPairs(result)).startsWith("2x").isEqualTo(heldOut);
            RunResult uninterrupted = withShare()
                    .set("checkpoint.directory=" + folder.resolve("uninterrupted"))
                    .stopAfterPairs(48)
                    .complete();
            assertThat(result.checkpoint().resolve("model.safetensors"))
                    .hasSameBinaryContentAs(uninterrupted.checkpoint().resolve("model.safetensors"));
        }
    }

    /** Four consecutive pairs have the same A. */
    private static void assertTrainedOnAllPairsOfAnOutlineOrNone(RunResult result) {
        Map<Integer, Long> pairsByOutline = result.auditTrail().records().stream()
                .collect(groupingBy(
                        origin -> Integer.parseInt(origin.substring(origin.lastIndexOf('-') + 1)) / 4, counting()));
        assertThat(pairsByOutline)
                .hasSize(6)
                .allSatisfy((outline, pairs) -> assertThat(pairs).isEqualTo(4));
        assertThat(result.nextOffset("held-out-pairs-0"))
                .as("the pairs of two outlines are held out")
                .isGreaterThanOrEqualTo(24 + 2 * 4);
    }

    @Test
    void demo_shareOfTheData_takesAllSteps() {
        TandemProcess demo = TandemProcess.run(
                "demo",
                "--json",
                "--dataset=shapes",
                "--size=32",
                "--steps=6",
                "--out=" + folder.resolve("demo"),
                "--set=model.width=2",
                "--set=http.port=0",
                "--set=train.validation.share=0.5");

        demo.assertSuccess();
        assertThat(demo.json().path("steps").asLong()).isEqualTo(6);
    }

    private static String heldOutPairs(RunResult result) throws IOException {
        return new ObjectMapper()
                .readTree(result.checkpoint().resolve("state.json").toFile())
                .path("validation")
                .path("heldOutPairs")
                .asText();
    }

    private TestRun withShare() {
        return runs.run("held-out", "train")
                .set(
                        "train.validation.share=0.5",
                        "train.validation.inputs=2",
                        "train.validation.samples=2",
                        "checkpoint.every-steps=6");
    }

    /** With one checkpoint to keep, there are the newest and the best, which can be the same. */
    private void assertTheBestIsKept(JsonNode checkpoints) throws IOException {
        double lowest = stepLog().stream()
                .filter(line -> line.path("step").asLong() % 2 == 0)
                .mapToDouble(line -> line.path("validation").path("nearestL1").asDouble())
                .min()
                .orElseThrow();
        assertThat(checkpoints).hasSizeBetween(1, 2);
        assertThat(checkpoints.get(0).path("step").asLong()).isEqualTo(8);
        JsonNode best = checkpoints.get(checkpoints.size() - 1);
        assertThat(best.path("best").asBoolean()).isTrue();
        assertThat(best.path("validation").path("nearestL1").asDouble()).isEqualTo(lowest);
    }

    private List<Long> validatedSteps() throws IOException {
        return stepLog().stream()
                .filter(line -> line.has("validation"))
                .map(line -> line.path("step").asLong())
                .toList();
    }

    private List<JsonNode> stepLog() throws IOException {
        ObjectMapper json = new ObjectMapper();
        return Files.readAllLines(folder.resolve("validated/steps.jsonl")).stream()
                .map(line -> {
                    try {
                        return json.readTree(line);
                    } catch (IOException e) {
                        throw new AssertionError(e);
                    }
                })
                .toList();
    }

    @Test
    void run_unusableValidationData_endsWithOneLine() throws IOException {
        Path empty = Files.createDirectories(folder.resolve("empty"));
        Path broken = Files.createDirectories(folder.resolve("broken"));
        Files.writeString(broken.resolve("a.png"), "not an image");

        assertRefused(folder.resolve("missing"), "there is no folder ");
        assertRefused(empty, "has no images");
        assertRefused(broken, "a.png");
    }

    private void assertRefused(Path data, String problem) {
        try (TandemProcess run =
                runs.run("refused").set("train.validation.data=" + data).start()) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("train.validation.data cannot be used: ")
                    .contains(problem)
                    .doesNotContain("\tat ");
        }
    }
}
