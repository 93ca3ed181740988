package dev.tandem.app;

import static dev.tandem.testkit.client.HttpResponses.json;
import static dev.tandem.testkit.client.HttpResponses.problemDetail;
import static dev.tandem.testkit.stream.TestRecords.source;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.testkit.stream.HttpApiTest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

/** Checkpoints over HTTP: list, pin, and translate with one instead of the live model. */
class HttpCheckpointsIT extends HttpApiTest {
    private static final String FIRST = "step-0000000003";

    @Test
    void servingCheckpoint_trainingContinues_translatesTheSameUntilTheLiveModelIsServed() {
        train(12);
        assertThat(checkpointNames(json(http.get("/v1/checkpoints"))).get(0)).isEqualTo(FIRST);
        json(http.put("/v1/checkpoints/" + FIRST + "/pin", ""));
        assertThat(serve(FIRST)).isEqualTo(FIRST);
        byte[] before = translate().body();

        train(48);

        HttpResponse<byte[]> after = translate();
        assertThat(after.headers().firstValue("tandem-model"))
                .hasValue("checkpoint=" + FIRST + ";step=3;engine=onnxruntime");
        assertThat(after.body()).isEqualTo(before);
        assertThat(checkpointNames(json(http.get("/v1/checkpoints"))))
                .as("the three newest checkpoints and the pinned one")
                .containsExactly("step-0000000015", "step-0000000012", "step-0000000009", FIRST);
        assertThat(serve("live")).isEqualTo("live");
        assertThat(translate().body()).isNotEqualTo(before);
        assertThat(json(http.delete("/v1/checkpoints/" + FIRST + "/pin"))
                        .path("checkpoints")
                        .get(3)
                        .path("pinned")
                        .asBoolean())
                .isFalse();
        assertThat(json(http.get("/v1/model")).path("step").asLong()).isEqualTo(15);
    }

    @Test
    void serving_unknownCheckpointOrBadBody_returnsAProblem() {
        assertThat(problemDetail(http.put("/v1/serving", "{\"checkpoint\": \"step-9\"}"), 404))
                .contains("no checkpoint called step-9");
        assertThat(problemDetail(http.put("/v1/serving", "{\"checkpoint\": \"..\"}"), 404))
                .contains("no checkpoint called ..");
        assertThat(problemDetail(http.put("/v1/serving", "live"), 400)).contains("GET /v1/checkpoints");
    }

    /** Selects the model that translates and returns the one that the response names. */
    private String serve(String checkpoint) {
        return json(http.put("/v1/serving", "{\"checkpoint\": \"" + checkpoint + "\"}"))
                .path("serving")
                .asText();
    }

    private HttpResponse<byte[]> translate() {
        return http.post("/v1/translations?samples=1&seed=1", "image/png", source(), "*/*");
    }
}
