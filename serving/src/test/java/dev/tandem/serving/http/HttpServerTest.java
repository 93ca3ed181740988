package dev.tandem.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tandem.actors.SamplerActor.Failed;
import dev.tandem.actors.SamplerActor.Sample;
import dev.tandem.config.UserError;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.engine.DeviceMemory;
import java.awt.image.BufferedImage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of requests, connections and event streams, and the two ports. */
class HttpServerTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final byte[] IMAGE = PngEncoder.encode(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB));

    @TempDir
    private Path checkpoints;

    @Test
    void translations_maxRequestsInProgress_refusesFurtherOnesUntilOneEnds() throws Exception {
        try (TestServer server = TestServer.start(checkpoints, "http.max-requests=1")) {
            CompletableFuture<HttpResponse<String>> first = translate(server);
            Sample inProgress = server.nextSample();

            HttpResponse<String> refused = translate(server).get(1, TimeUnit.MINUTES);

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
            assertThat(refused.body()).contains("http.max-requests");
            assertThat(server.metric("tandem_http_refused_total")).isEqualTo(1);

            inProgress.replyTo().tell(new Failed("the latent has the wrong length", true));
            assertThat(first.get(1, TimeUnit.MINUTES).statusCode()).isEqualTo(422);
            CompletableFuture<HttpResponse<String>> next = translate(server);
            server.nextSample().replyTo().tell(new Failed("the model did not answer", false));
            assertThat(next.get(1, TimeUnit.MINUTES).body()).contains("the model did not answer");
        }
    }

    @Test
    void head_pathOfGet_givesItsStatusAndHeadersWithoutABody() throws Exception {
        try (TestServer server = TestServer.start(checkpoints)) {
            HttpRequest.Builder head = HttpRequest.newBuilder(server.managementUri("/health/live"))
                    .method("HEAD", BodyPublishers.noBody());

            HttpResponse<String> response = server.send(head);

            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Length")).hasValue("5");
            assertThat(response.body()).isEmpty();
        }
    }

    @Test
    void managementPort_allConnectionsOfTheApiAreIdle_stillAnswersHealthAndMetrics() throws Exception {
        List<Socket> idle = new ArrayList<>();
        try (TestServer server = TestServer.start(checkpoints, "http.max-connections=3")) {
            for (int i = 0; i < 20; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), server.ports.port()));
            }

            HttpRequest.Builder health = HttpRequest.newBuilder(server.managementUri("/health/live"));
            HttpRequest.Builder metrics = HttpRequest.newBuilder(server.managementUri("/metrics"));

            assertThat(server.send(health).body()).isEqualTo("live\n");
            assertThat(server.send(metrics).body()).contains("tandem_http_refused_total");
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void managementPort_pathsOfTheApi_doNotExist() throws Exception {
        try (TestServer server = TestServer.start(checkpoints)) {
            for (String path : List.of("/", "/config", "/v1/model", "/openapi.json", "/assets/main.js")) {
                assertThat(server.send(HttpRequest.newBuilder(server.managementUri(path)))
                                .statusCode())
                        .as(path)
                        .isEqualTo(404);
            }
            assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(server.get("/metrics").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void connection_withoutTraffic_isClosedAfterTheIdleTimeout() throws Exception {
        try (TestServer server = TestServer.start(checkpoints, "http.idle-timeout=1 second");
                Socket idle = new Socket(InetAddress.getLoopbackAddress(), server.ports.port())) {
            idle.setSoTimeout((int) TIMEOUT.toMillis());

            assertThat(isClosedByServer(idle)).isTrue();
            assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
        }
    }

    private static boolean isClosedByServer(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == -1;
        } catch (SocketTimeoutException e) {
            return false;
        } catch (SocketException e) {
            // The server has reset the connection.
            return true;
        }
    }

    @Test
    void bind_portInUse_failsWithOneLineThatNamesTheSetting() throws IOException {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            int port = other.getLocalPort();

            assertThatThrownBy(() -> TestServer.start(checkpoints, "http.management-port=" + port))
                    .hasCauseInstanceOf(UserError.class)
                    .cause()
                    .message()
                    .matches("cannot listen at 127\\.0\\.0\\.1:" + port
                            + " \\([^()\\[:]+\\); set http\\.management-port to"
                            + " a free port or to 0, or leave the role http out of --roles");
            assertThatThrownBy(() -> TestServer.start(checkpoints, "http.port=" + port))
                    .cause()
                    .hasMessageContaining("set http.port to a free port");
        }
    }

    @Test
    void bind_automaticManagementPortInUse_usesAnotherPort() throws Exception {
        try (ServerSocket other = afterFreePort();
                TestServer server = TestServer.start(checkpoints, "http.port=" + (other.getLocalPort() - 1))) {
            HttpRequest.Builder health = HttpRequest.newBuilder(server.managementUri("/health/live"));

            assertThat(server.ports.managementPort()).isNotEqualTo(other.getLocalPort());
            assertThat(server.send(health).statusCode()).isEqualTo(200);
        }
    }

    /** A port in use whose predecessor is free. */
    private static ServerSocket afterFreePort() throws IOException {
        while (true) {
            ServerSocket inUse = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            try {
                new ServerSocket(inUse.getLocalPort() - 1, 1, InetAddress.getLoopbackAddress()).close();
                return inUse;
            } catch (BindException e) {
                inUse.close();
            }
        }
    }

    @Test
    void events_maxEventStreamsOpen_refusesFurtherOnesUntilOneCloses() throws Exception {
        try (TestServer server = TestServer.start(checkpoints, "http.max-event-streams=2")) {
            InputStream first = openEvents(server).body();
            InputStream second = openEvents(server).body();
            assertThat(first.read()).isEqualTo('d');
            assertThat(second.read()).isEqualTo('d');

            HttpResponse<String> refused = server.get("/v1/events");

            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("http.max-event-streams");
            assertThat(server.metric("tandem_http_event_streams")).isEqualTo(2);

            first.close();
            await().atMost(TIMEOUT).until(() -> server.metric("tandem_http_event_streams") == 1);
            HttpResponse<InputStream> third = openEvents(server);
            assertThat(third.statusCode()).isEqualTo(200);
            third.body().close();
            second.close();
        }
    }

    @Test
    void events_status_reportsTheMemoryOfTheModel() throws Exception {
        try (TestServer server = TestServer.start(checkpoints)) {
            assertThat(nextStatus(server)).contains("\"offHeapBytes\":0,\"deviceMemory\":{\"reserved\":0,\"used\":0}");

            server.metrics.watchMemory(() -> new DeviceMemory(3, 4, OptionalLong.of(8)));

            assertThat(nextStatus(server))
                    .contains("\"offHeapBytes\":3,\"deviceMemory\":{\"limit\":8,\"reserved\":4,\"used\":3}");
        }
    }

    private static String nextStatus(TestServer server) throws Exception {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(openEvents(server).body(), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> line.startsWith("data:{\"ready\""))
                    .findFirst()
                    .orElseThrow();
        }
    }

    @Test
    void events_clientsThatGoAtOnce_doNotHoldAPlace() throws Exception {
        try (TestServer server = TestServer.start(checkpoints, "http.max-event-streams=2")) {
            for (int i = 0; i < 20; i++) {
                try (Socket client = new Socket(InetAddress.getLoopbackAddress(), server.ports.port())) {
                    client.setSoLinger(true, 0);
                    client.getOutputStream()
                            .write("GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
                }
            }

            await().atMost(TIMEOUT).until(() -> {
                HttpResponse<InputStream> events = openEvents(server);
                events.body().close();
                return events.statusCode() == 200;
            });
            await().atMost(TIMEOUT).until(() -> server.metric("tandem_http_event_streams") == 0);
        }
    }

    private static HttpResponse<InputStream> openEvents(TestServer server) throws Exception {
        return server.client.send(
                HttpRequest.newBuilder(server.uri("/v1/events")).build(), BodyHandlers.ofInputStream());
    }

    private static CompletableFuture<HttpResponse<String>> translate(TestServer server) {
        HttpRequest request = HttpRequest.newBuilder(server.uri("/v1/translations"))
                .header("Content-Type", "image/png")
                .POST(BodyPublishers.ofByteArray(IMAGE))
                .build();
        return server.client.sendAsync(request, BodyHandlers.ofString());
    }
}
