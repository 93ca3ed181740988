package dev.tandem.app;

import static dev.tandem.testkit.client.HttpResponses.image;
import static dev.tandem.testkit.client.HttpResponses.json;
import static dev.tandem.testkit.client.HttpResponses.problemDetail;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.testkit.stream.HttpApiTest;
import dev.tandem.testkit.stream.TestRecords;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** The HTTP API of a run: its OpenAPI document, its events, and the requests that it refuses. */
class HttpApiIT extends HttpApiTest {

    @Test
    void healthcheck_ofTheContainerImage_succeedsForAReadyRun() throws Exception {
        assertThat(Files.readString(Path.of("..", "Dockerfile")))
                .contains("COPY deploy/container/health /opt/tandem/health\n")
                .containsPattern("HEALTHCHECK .* CMD \\[\"/opt/tandem/health\"]\n");
        ProcessBuilder check = new ProcessBuilder("bash", "../deploy/container/health");
        check.environment().putAll(environment());

        await().atMost(TIMEOUT).until(() -> check.start().waitFor() == 0);
    }

    @Test
    void anyRequest_hostNotAllowed_isRefused() throws IOException {
        try (Socket socket = new Socket("127.0.0.1", http.port())) {
            socket.getOutputStream()
                    .write(("GET /config HTTP/1.1\r\nHost: elsewhere.example:" + http.port()
                                    + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("Content-Security-Policy", "http.allowed-hosts")
                    .doesNotContain("model.width");
        }
    }

    @Test
    void translations_pageOfAnotherOrigin_areRefused() {
        HttpRequest request = HttpRequest.newBuilder(http.uri("/v1/translations"))
                .header("Origin", "http://elsewhere.example")
                .POST(BodyPublishers.ofByteArray(TestRecords.source()))
                .build();

        assertThat(problemDetail(http.send(request), 403)).contains("other origins");
    }

    @Test
    void events_duringTraining_reportLossesProbesAndDeadLetters() throws IOException {
        kafka.produce(List.of(new ProducerRecord<>(PAIRS_TOPIC, new byte[] {1})));
        List<String> events = new ArrayList<>();
        HttpRequest request = HttpRequest.newBuilder(http.uri("/v1/events")).build();
        HttpResponse<InputStream> stream = http.send(request, BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).startsWith("data:{\"columns\":[\"step\",\"pairs\",");
            train(12);
            String line = "";
            while (!line.contains("\"deadLetters\":1") || !line.contains("\"probe\":2")) {
                line = lines.readLine();
                events.add(line);
            }
        }

        assertThat(String.join("\n", events)).contains("\"ready\":true", "\"points\":[[");
        JsonNode deadLetter = json(http.get("/v1/dead-letters")).path("newest").get(0);
        assertThat(deadLetter.path("origin").asText()).isEqualTo("api-pairs-0-0");
        assertThat(deadLetter.path("reason").asText()).isEqualTo("NOT_AN_IMAGE");
        JsonNode probes = json(http.get("/v1/probes"));
        assertThat(probes.path("steps").get(0).asLong()).isEqualTo(1);
        assertThat(image(http.get("/v1/probes/2")).getWidth())
                .isEqualTo((2 + probes.path("samples").asInt()) * TestRecords.IMAGE_SIZE);
        assertThat(problemDetail(http.get("/v1/probes/77"), 404)).contains("no probe of step 77");
    }

    @Test
    void openApiDocument_everyGet_describesTheResponse() {
        train(12);
        JsonNode document = json(http.get("/openapi.json"));
        List<String> checked = new ArrayList<>();
        document.path("paths").properties().forEach(path -> {
            JsonNode operation = path.getValue().path("get");
            String requestPath = path.getKey().replace("{step}", "2");
            // The events never end; another test reads them.
            if (!operation.isMissingNode() && !requestPath.equals("/v1/events")) {
                assertIsDescribed(document, operation, requestPath);
                checked.add(requestPath);
            }
        });
        assertThat(checked).hasSizeGreaterThan(8);
        assertThat(json(http.get("/config")).path("model.width").asText()).isEqualTo("4");
        assertThat(http.body("/metrics"))
                .contains("tandem_training_step_seconds_bucket{le=\"0.1\"}", "tandem_training_queue_pairs ");
    }

    /** The operation must describe the status, the content type, and every required property of the response. */
    private void assertIsDescribed(JsonNode document, JsonNode operation, String path) {
        HttpResponse<byte[]> response = http.get(path);
        String status = Integer.toString(response.statusCode());
        assertThat(operation.path("responses").has(status))
                .as(path + " has status " + status)
                .isTrue();
        String type = response.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
        JsonNode content = operation.path("responses").path(status).path("content");
        assertThat(content.has(type)).as(path + " is " + type).isTrue();
        requiredProperties(document, content.path(type).path("schema"))
                .forEach(property -> assertThat(json(response).has(property))
                        .as(path + " has " + property)
                        .isTrue());
    }

    private static Stream<String> requiredProperties(JsonNode document, JsonNode schema) {
        JsonNode target =
                schema.has("$ref") ? document.at(schema.path("$ref").asText().substring(1)) : schema;
        return StreamSupport.stream(target.path("required").spliterator(), false)
                .map(JsonNode::asText);
    }
}
