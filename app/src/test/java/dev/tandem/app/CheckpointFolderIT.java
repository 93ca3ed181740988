package dev.tandem.app;

import static dev.tandem.testkit.client.HttpResponses.problemDetail;
import static dev.tandem.testkit.stream.TestRecords.pairs;
import static dev.tandem.testkit.stream.TestRecords.source;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.model.conformance.CheckpointFiles;
import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.RunResult;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Malformed checkpoints, and a checkpoint folder that is removed, while processes use them. */
class CheckpointFolderIT extends BrokerTest {
    private static final String VALID = "checkpoint=step-0000000006;step=6;engine=onnxruntime";

    @Test
    void run_newestCheckpointIsMalformed_translatesAndTrainsWithTheOneBefore() throws IOException {
        kafka.produce(pairs("malformed-pairs", 36));
        RunResult trained = runs.run("malformed").stopAfterPairs(24).complete();
        assertThat(trained.checkpoint()).hasFileName("step-0000000006");
        assertThat(trained.checkpoint().resolve("state.json"))
                .content()
                .contains("\"tandem\"")
                .doesNotContain("unpackaged");
        HttpTestClient http = HttpTestClient.onFreePort();

        try (TandemProcess follower = runs.run("malformed", "translate,http")
                .set("http.port=" + http.port(), "translate.follow-every=100 ms")
                .start()) {
            http.awaitReady(follower);
            addMalformed(trained.checkpoint());
            follower.awaitErr("step-0000000009 is damaged: state.json");

            assertThat(translate(http).headers().firstValue("tandem-model")).hasValue(VALID);
            assertThat(problemDetail(http.put("/v1/serving", "{\"checkpoint\": \"step-0000000009\"}"), 409))
                    .contains("step-0000000009 is damaged: state.json");
            assertThat(translate(http).headers().firstValue("tandem-model")).hasValue(VALID);
            assertThat(follower.err()).doesNotContain("\tat ").containsOnlyOnce("step-0000000009 is damaged");
        }
        try (TandemProcess resumed = runs.run("malformed").stopAfterPairs(36).start()) {
            RunResult result = RunResult.of(resumed);
            assertThat(resumed.err()).contains("using the one before it").doesNotContain("use another checkpoint");
            assertThat(result.steps()).isEqualTo(9);
            assertThat(result.nextOffset("malformed-pairs-0")).isEqualTo(36);
        }
    }

    @Test
    void run_folderRemovedDuringTraining_continuesInANewFolder() throws IOException {
        kafka.produce(pairs("removed-pairs", 12));
        Path checkpoints = folder.resolve("removed");
        try (TandemProcess run = runs.run("removed").start()) {
            awaitFile(checkpoints.resolve("step-0000000003"), run);
            // In one step: the run would create the folder again while its files are deleted.
            Files.move(checkpoints, folder.resolve("moved away"));
            awaitFile(checkpoints.resolve("step-0000000003"), run);

            try (TandemProcess second = runs.run("removed").start()) {
                assertThat(second.exitCode()).isEqualTo(1);
                assertThat(second.err()).contains("another process trains in the checkpoint folder " + checkpoints);
            }
            kafka.produce(pairs("removed-pairs", 12));
            awaitFile(checkpoints.resolve("step-0000000006"), run);
            run.terminate();
            run.assertSuccess();

            assertThat(run.err())
                    .containsOnlyOnce("the lock " + checkpoints.resolve(".lock") + " was removed during the run")
                    .containsOnlyOnce("steps.jsonl was removed or replaced during the run");
            assertThat(Files.readAllLines(checkpoints.resolve("steps.jsonl")))
                    .extracting(line -> line.replaceAll(".*\"step\":(\\d+).*", "$1"))
                    .containsExactly("4", "5", "6");
        }
    }

    @Test
    void run_anotherProcessHasTakenTheFolder_endsWithoutWriting() throws IOException {
        Path checkpoints = folder.resolve("taken");
        try (TandemProcess first = runs.run("taken").start()) {
            first.awaitErr("model ready at step 0");
            first.suspend();
            Files.delete(checkpoints.resolve(".lock"));
            try (TandemProcess second = runs.run("taken").start()) {
                second.awaitErr("model ready at step 0");
                first.resume();

                assertThat(first.exitCode()).isEqualTo(1);
                assertThat(first.err())
                        .contains("now another process trains in this folder")
                        .contains("Set checkpoint.directory to another folder")
                        .doesNotContain("\tat ");
                assertThat(second.isAlive()).as(second.err()).isTrue();
            }
        }
    }

    /** A checkpoint with a right checksum and without a state; it appears at once, like one of a process that trains. */
    private static void addMalformed(Path valid) throws IOException {
        Path copy = Files.createDirectory(valid.resolveSibling(".copy"));
        for (String file : List.of("SHA256SUMS", "model.safetensors", "optimizer.safetensors", "state.json")) {
            Files.copy(valid.resolve(file), copy.resolve(file));
        }
        CheckpointFiles.replace(copy, "state.json", "{\"format\": 1, \"step\": 9}".getBytes(UTF_8));
        Files.move(copy, valid.resolveSibling("step-0000000009"));
    }

    private static HttpResponse<byte[]> translate(HttpTestClient http) {
        HttpResponse<byte[]> response = http.post("/v1/translations?samples=1", "image/png", source(), "*/*");
        assertThat(response.statusCode()).isEqualTo(200);
        return response;
    }

    private static void awaitFile(Path file, TandemProcess run) {
        await().atMost(TIMEOUT).alias(file + "").until(() -> Files.exists(file) || !run.isAlive());
        assertThat(run.isAlive()).as(run.err()).isTrue();
    }
}
