package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.testkit.BrokerProcess;
import dev.tandem.testkit.HttpGet;
import dev.tandem.testkit.Runs;
import dev.tandem.testkit.TandemProcess;
import dev.tandem.testkit.WithBroker;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The HTTP API of a run that learns and translates, as its document describes it. */
class HttpApiIT extends WithBroker {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String BOUNDARY = "part-of-a-test";

    private final int port = BrokerProcess.freePort();
    private final HttpGet http = new HttpGet(port);
    private TandemProcess run;

    @BeforeEach
    void startRun() {
        run = TandemProcess.start(runs.arguments(
                "api",
                List.of("--set", "http.port=" + port, "--set", "http.probe-every=2", "--set", "http.max-requests=2")));
        await().atMost(PATIENCE).until(() -> http.status("/health/ready") == 200 || !run.isAlive());
        assertThat(run.isAlive()).as(run.err()).isTrue();
    }

    @AfterEach
    void stopRun() {
        run.close();
        broker.deleteTopic("api-pairs");
        broker.deleteTopic("api-dead");
    }

    @Test
    void translations_pictureAsBody_isOnePngWithAllThatMakesItAgain() throws Exception {
        HttpResponse<byte[]> answer = post("/v1/translations?samples=1&seed=7", "image/png", Runs.source(), "*/*");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("image/png");
        assertThat(answer.headers().firstValue("tandem-seed")).hasValue("7");
        assertThat(answer.headers().firstValue("tandem-model"))
                .hasValueSatisfying(model -> assertThat(model).startsWith("checkpoint="));
        assertThat(ImageIO.read(new ByteArrayInputStream(answer.body())).getWidth())
                .isEqualTo(Runs.SIDE);
        String latent = answer.headers().firstValue("tandem-latent").orElseThrow();

        HttpResponse<byte[]> again = post("/v1/translations?latent=" + latent, "image/png", Runs.source(), "*/*");

        assertThat(again.body()).isEqualTo(answer.body());
    }

    @Test
    void translations_form_areJsonOrAFormAsIsAccepted() throws Exception {
        byte[] form = form(Map.of("image", Runs.source()), Map.of("samples", "3", "seed", "-5"));
        String type = "multipart/form-data; boundary=" + BOUNDARY;

        JsonNode json = json(post("/v1/translations", type, form, "application/json"));
        HttpResponse<byte[]> parts = post("/v1/translations", type, form, "*/*");
        JsonNode styled = json(post(
                "/v1/translations",
                type,
                form(Map.of("image", Runs.source(), "style", Runs.source()), Map.of()),
                "application/json"));

        assertThat(json.path("seed").asText()).isEqualTo("-5");
        assertThat(json.path("translations")).hasSize(3);
        assertThat(json.path("translations").get(0).path("latent")).hasSize(8);
        assertThat(parts.headers().firstValue("Content-Type").orElseThrow()).startsWith("multipart/form-data");
        assertThat(new String(parts.body(), StandardCharsets.ISO_8859_1))
                .contains("tandem-sample: 3/3")
                .contains(new String(
                        json.path("translations").get(2).path("png").binaryValue(), StandardCharsets.ISO_8859_1));
        assertThat(styled.path("translations")).hasSize(1);
        assertThat(styled.has("seed")).isFalse();
    }

    @Test
    void translations_whatCannotBeUsed_isAProblemInOneLine() throws Exception {
        assertThat(problem(
                        post("/v1/translations", "image/png", "no picture".getBytes(StandardCharsets.UTF_8), "*/*"),
                        422))
                .startsWith("NOT_AN_IMAGE: ");
        assertThat(problem(post("/v1/translations?samples=0", "image/png", Runs.source(), "*/*"), 422))
                .isEqualTo("BAD_HEADER: samples is \"0\", but must be a number from 1 to 64");
        assertThat(problem(post("/v1/translations?sampels=2", "image/png", Runs.source(), "*/*"), 400))
                .contains("unknown parameter sampels", "latent, samples, seed");
        assertThat(problem(
                        post(
                                "/v1/translations",
                                "multipart/form-data; boundary=" + BOUNDARY,
                                form(Map.of(), Map.of("samples", "1")),
                                "*/*"),
                        400))
                .contains("no part \"image\"");
        assertThat(problem(post("/v1/translations", "image/png", new byte[66 << 20], "*/*"), 413))
                .isNotEmpty();
        assertThat(problem(get("/v1/translations"), 405)).isNotEmpty();
        assertThat(problem(get("/v1/nothing"), 404)).isNotEmpty();
        assertThat(run.err()).doesNotContain("\tat ");
    }

    @Test
    void translations_formThatCannotBeRead_isABadRequest() throws Exception {
        byte[] form = form(Map.of("image", Runs.source()), Map.of());

        assertThat(problem(post("/v1/translations", "multipart/form-data", form, "*/*"), 400))
                .contains("boundary");
        assertThat(problem(post("/v1/translations", "multipart/mixed; boundary=x", form, "*/*"), 400))
                .contains("multipart/form-data");
        assertThat(problem(
                        post(
                                "/v1/translations",
                                "multipart/form-data; boundary=" + BOUNDARY,
                                form(Map.of("image", Runs.source(), "style", Runs.source()), Map.of("seed", "3")),
                                "*/*"),
                        400))
                .contains("a style cannot be combined with seed");
        assertThat(run.err()).doesNotContain("HTTP request failed");
    }

    @Test
    void translations_pictureOfManyBytes_isTakenUpToTheLimitOfThePictures() throws Exception {
        BufferedImage noise = new BufferedImage(1900, 1900, BufferedImage.TYPE_INT_RGB);
        Random random = new Random(1);
        for (int y = 0; y < noise.getHeight(); y++) {
            for (int x = 0; x < noise.getWidth(); x++) {
                noise.setRGB(x, y, random.nextInt());
            }
        }
        byte[] png = PngEncoder.encode(noise);
        assertThat(png).hasSizeGreaterThan(10 << 20);

        assertThat(post("/v1/translations?samples=1", "image/png", png, "*/*").statusCode())
                .isEqualTo(200);
    }

    @Test
    void healthcheck_ofTheImage_findsTheRunReady() throws Exception {
        String dockerfile = Files.readString(Path.of("..", "Dockerfile"));
        Matcher check = Pattern.compile("HEALTHCHECK .*CMD \\\\\n\\s*(\\[.*])").matcher(dockerfile);
        assertThat(check.find()).isTrue();
        List<String> command = new ArrayList<>();
        JSON.readTree(check.group(1))
                .forEach(part -> command.add(part.asText().replace("8080", Integer.toString(port))));

        assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
    }

    @Test
    void anyRequest_byANameThatIsNotItsOwn_isRefused() throws Exception {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream()
                    .write(("GET /config HTTP/1.1\r\nHost: elsewhere.example:" + port + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.UTF_8));

            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("Content-Security-Policy", "http.allowed-hosts")
                    .doesNotContain("model.width");
        }
    }

    @Test
    void translations_fromAPageOfAnotherServer_areRefused() throws Exception {
        HttpRequest request = HttpRequest.newBuilder(uri("/v1/translations"))
                .header("Origin", "http://elsewhere.example")
                .POST(BodyPublishers.ofByteArray(Runs.source()))
                .build();

        assertThat(problem(CLIENT.send(request, BodyHandlers.ofByteArray()), 403))
                .contains("other origins");
    }

    @Test
    void checkpoints_switchedAndPinned_translateAndStayWhileLearningGoesOn() throws Exception {
        learn(12);
        String first = json(get("/v1/checkpoints"))
                .path("checkpoints")
                .get(0)
                .path("name")
                .asText();
        assertThat(first).isEqualTo("step-0000000003");
        json(put("/v1/checkpoints/" + first + "/pin", ""));
        assertThat(json(put("/v1/serving", "{\"checkpoint\": \"" + first + "\"}"))
                        .path("serving")
                        .asText())
                .isEqualTo(first);
        byte[] before = post("/v1/translations?samples=1&seed=1", "image/png", Runs.source(), "*/*")
                .body();

        learn(48);

        HttpResponse<byte[]> after = post("/v1/translations?samples=1&seed=1", "image/png", Runs.source(), "*/*");
        assertThat(after.headers().firstValue("tandem-model")).hasValue("checkpoint=" + first + ";step=3");
        assertThat(after.body()).isEqualTo(before);
        JsonNode list = json(get("/v1/checkpoints"));
        assertThat(names(list))
                .as("three are kept, and the pinned one beside them")
                .containsExactly("step-0000000015", "step-0000000012", "step-0000000009", first);
        assertThat(json(put("/v1/serving", "{\"checkpoint\": \"live\"}"))
                        .path("serving")
                        .asText())
                .isEqualTo("live");
        assertThat(post("/v1/translations?samples=1&seed=1", "image/png", Runs.source(), "*/*")
                        .body())
                .isNotEqualTo(before);
        assertThat(json(delete("/v1/checkpoints/" + first + "/pin"))
                        .path("checkpoints")
                        .get(3)
                        .path("pinned")
                        .asBoolean())
                .isFalse();
        assertThat(problem(put("/v1/serving", "{\"checkpoint\": \"step-9\"}"), 404))
                .contains("no checkpoint called step-9");
        assertThat(problem(put("/v1/serving", "{\"checkpoint\": \"..\"}"), 404)).contains("no checkpoint called ..");
        assertThat(problem(put("/v1/serving", "live"), 400)).contains("GET /v1/checkpoints");
        assertThat(json(get("/v1/model")).path("step").asLong()).isEqualTo(15);
    }

    @Test
    void events_whileLearning_tellOfLossesProbesAndDeadLetters() throws Exception {
        broker.produce(List.of(new ProducerRecord<>("api-pairs", new byte[] {1})));
        List<String> events = new ArrayList<>();
        HttpRequest request = HttpRequest.newBuilder(uri("/v1/events")).build();
        HttpResponse<InputStream> stream = CLIENT.send(request, BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(stream.body(), StandardCharsets.UTF_8))) {
            assertThat(lines.readLine()).startsWith("data:{\"columns\":[\"step\",\"pairs\",");
            learn(12);
            String line = "";
            while (!line.contains("\"deadLetters\":1") || !line.contains("\"probe\":2")) {
                line = lines.readLine();
                events.add(line);
            }
        }

        assertThat(String.join("\n", events)).contains("\"ready\":true", "\"points\":[[");
        JsonNode letters = json(get("/v1/dead-letters"));
        assertThat(letters.path("newest").get(0).path("origin").asText()).isEqualTo("api-pairs-0-0");
        assertThat(letters.path("newest").get(0).path("reason").asText()).isEqualTo("NOT_AN_IMAGE");
        JsonNode probes = json(get("/v1/probes"));
        assertThat(probes.path("steps").get(0).asLong()).isEqualTo(1);
        HttpResponse<byte[]> sheet = get("/v1/probes/2");
        assertThat(ImageIO.read(new ByteArrayInputStream(sheet.body())).getWidth())
                .isEqualTo((2 + probes.path("samples").asInt()) * Runs.SIDE);
        assertThat(problem(get("/v1/probes/77"), 404)).contains("no probe of step 77");
    }

    @Test
    void everythingInTheDocument_answersAsItSays() throws Exception {
        learn(12);
        JsonNode document = json(get("/openapi.json"));
        List<String> answered = new ArrayList<>();
        document.path("paths").properties().forEach(path -> {
            JsonNode operation = path.getValue().path("get");
            String concrete = path.getKey().replace("{step}", "2");
            if (!operation.isMissingNode() && !concrete.equals("/v1/events")) {
                HttpResponse<byte[]> answer = get(concrete);
                assertThat(operation.path("responses").has(Integer.toString(answer.statusCode())))
                        .as(concrete + " answers " + answer.statusCode())
                        .isTrue();
                String type =
                        answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
                JsonNode content = operation
                        .path("responses")
                        .path(Integer.toString(answer.statusCode()))
                        .path("content");
                assertThat(content.has(type)).as(concrete + " is " + type).isTrue();
                properties(document, content.path(type).path("schema"))
                        .forEach(property -> assertThat(json(answer).has(property))
                                .as(concrete + " has " + property)
                                .isTrue());
                answered.add(concrete);
            }
        });
        assertThat(answered).hasSizeGreaterThan(8);
        assertThat(json(get("/config")).path("model.width").asText()).isEqualTo("4");
        assertThat(http.body("/metrics"))
                .contains("tandem_training_step_seconds_bucket{le=\"0.1\"}", "tandem_training_queue_pairs ");
    }

    /** Those that an answer of a schema always has. */
    private static Stream<String> properties(JsonNode document, JsonNode schema) {
        JsonNode target =
                schema.has("$ref") ? document.at(schema.path("$ref").asText().substring(1)) : schema;
        return StreamSupport.stream(target.path("required").spliterator(), false)
                .map(JsonNode::asText);
    }

    private void learn(int pairs) {
        double before = http.metric("tandem_training_pairs");
        broker.produce(Runs.pairs("api-pairs", pairs));
        await().atMost(PATIENCE)
                .alias(pairs + " more pairs")
                .until(() -> http.metric("tandem_training_pairs") >= before + pairs);
        long step = Math.round((before + pairs) / 4);
        await().atMost(PATIENCE)
                .until(() -> names(json(get("/v1/checkpoints"))).contains(String.format("step-%010d", step)));
    }

    private static List<String> names(JsonNode list) {
        return StreamSupport.stream(list.path("checkpoints").spliterator(), false)
                .map(checkpoint -> checkpoint.path("name").asText())
                .toList();
    }

    private static String problem(HttpResponse<byte[]> answer, int status) throws IOException {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/problem+json");
        JsonNode problem = JSON.readTree(answer.body());
        assertThat(problem.path("status").asInt()).isEqualTo(status);
        return problem.path("detail").asText();
    }

    private static JsonNode json(HttpResponse<byte[]> answer) {
        try {
            assertThat(answer.statusCode())
                    .as(new String(answer.body(), StandardCharsets.UTF_8))
                    .isEqualTo(200);
            return JSON.readTree(answer.body());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static byte[] form(Map<String, byte[]> pictures, Map<String, String> texts) throws IOException {
        ByteArrayOutputStream form = new ByteArrayOutputStream();
        for (Map.Entry<String, byte[]> picture : pictures.entrySet()) {
            form.write(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + picture.getKey()
                            + "\"; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            form.write(picture.getValue());
            form.write("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        for (Map.Entry<String, String> text : texts.entrySet()) {
            form.write(("--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + text.getKey() + "\"\r\n\r\n"
                            + text.getValue() + "\r\n")
                    .getBytes(StandardCharsets.UTF_8));
        }
        form.write(("--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.UTF_8));
        return form.toByteArray();
    }

    private HttpResponse<byte[]> post(String path, String type, byte[] body, String accept) {
        return send(
                HttpRequest.newBuilder(uri(path)).header("Content-Type", type).header("Accept", accept),
                "POST",
                BodyPublishers.ofByteArray(body));
    }

    private HttpResponse<byte[]> put(String path, String body) {
        return send(HttpRequest.newBuilder(uri(path)), "PUT", BodyPublishers.ofString(body));
    }

    private HttpResponse<byte[]> delete(String path) {
        return send(HttpRequest.newBuilder(uri(path)), "DELETE", BodyPublishers.noBody());
    }

    private HttpResponse<byte[]> get(String path) {
        return send(HttpRequest.newBuilder(uri(path)), "GET", BodyPublishers.noBody());
    }

    private static HttpResponse<byte[]> send(HttpRequest.Builder request, String method, BodyPublisher body) {
        try {
            return CLIENT.send(request.method(method, body).build(), BodyHandlers.ofByteArray());
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }
}
