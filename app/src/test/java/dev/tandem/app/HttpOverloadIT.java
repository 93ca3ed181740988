package dev.tandem.app;

import static dev.tandem.testkit.client.HttpResponses.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.clients.load.HttpLoad;
import dev.tandem.clients.load.LoadResult;
import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.process.FreePort;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.TestRecords;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Hostile HTTP clients do not stop the training of a run. */
class HttpOverloadIT extends BrokerTest {
    private static final int CLIENTS = 64;

    private final HttpTestClient http = HttpTestClient.onFreePort();
    private final HttpTestClient management = HttpTestClient.onFreePort();

    @Test
    void translations_manyClientsSendTheLargestBodyAtOnce_memoryStaysBoundedAndTrainingContinues() {
        try (TandemProcess run = runs.runWithHttp("overload", http.port())
                // The clients send 4 GB, which a slow machine must be allowed to take its time for.
                .set("http.management-port=" + management.port(), "http.transfer-timeout=1 hour")
                .withJavaOptions("-Xmx512m -XX:+ExitOnOutOfMemoryError")
                .start()) {
            http.awaitReady(run);
            kafka.produce(TestRecords.pairs("overload-pairs", 200));
            int largest = json(http.get("/v1/model")).path("maxBodyBytes").asInt();
            assertThat(largest).isBetween(50 << 20, 65 << 20);

            LoadResult load = new HttpLoad(http.uri("/")).once(CLIENTS, new byte[largest]);

            assertThat(run.isAlive()).as(run.err()).isTrue();
            assertThat(load.count(422)).as(load.summary().toString()).isPositive();
            assertThat(load.count(422) + load.count(503))
                    .as(load.summary().toString())
                    .isEqualTo(CLIENTS);
            assertThat(http.metric("tandem_http_refused_total")).isEqualTo(load.count(503));
            await().atMost(TIMEOUT).until(() -> http.metric("tandem_http_memory_bytes") == 0);
            await().atMost(TIMEOUT).until(() -> http.metric("tandem_training_pairs") == 200);
            assertThat(new HttpLoad(http.uri("/")).once(1, TestRecords.source()).count(200))
                    .isEqualTo(1);
            assertThat(run.err()).doesNotContain("OutOfMemoryError", "HTTP request failed");
            run.terminate();
            run.assertSuccess();
        }
    }

    @Test
    void health_allConnectionsInUse_isServedAtTheManagementPort() throws IOException {
        List<Socket> idle = new ArrayList<>();
        try (TandemProcess run = runs.runWithHttp("idle", http.port())
                .set("http.management-port=" + management.port(), "http.max-connections=20")
                .start()) {
            management.awaitReady(run);
            for (int i = 0; i < 100; i++) {
                idle.add(new Socket(InetAddress.getLoopbackAddress(), http.port()));
            }

            assertThat(management.isReady()).isTrue();
            assertThat(management.metric("tandem_broker_up")).isEqualTo(1);
            assertThat(run.err())
                    .contains("dashboard and API at http://localhost:" + http.port() + ", health and metrics at port "
                            + management.port());
        } finally {
            for (Socket socket : idle) {
                socket.close();
            }
        }
    }

    @Test
    void log_malformedRequests_getsFewLinesWithoutControlCharacters() throws IOException {
        try (TandemProcess run = runs.runWithHttp("garbage", http.port()).start()) {
            http.awaitReady(run);
            IntStream.range(0, 300).forEach(i -> send("\u001b[31mGET\u0007 /\u009b" + i + " HTTP/1.1\r\n\r\n"));

            assertThat(http.status("/health/live")).isEqualTo(200);
            assertThat(run.err().lines().filter(line -> line.contains("malformed HTTP request: ")))
                    .as("one line in 30 seconds, also if the requests take minutes")
                    .hasSizeBetween(1, 10);
            assertThat(run.err().replace("\n", "")).doesNotContainPattern("[\\p{Cntrl}\u0080-\u009f]");
        }
    }

    private void send(String request) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), http.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.getInputStream().readAllBytes();
        } catch (IOException e) {
            // The run has closed the connection before it has read everything.
        }
    }

    @Test
    void run_addressOrPortThatCannotBeUsed_endsWithOneLineThatNamesTheSetting() {
        int free = FreePort.find();

        try (TandemProcess open =
                runs.runWithHttp("open", free).set("http.host=0.0.0.0").start()) {
            assertThat(open.exitCode()).isEqualTo(1);
            assertThat(open.err())
                    .contains("tandem: http.host is 0.0.0.0, which other machines can reach")
                    .contains("set http.token-file")
                    .doesNotContain("\tat ");
        }
        try (TandemProcess same = runs.runWithHttp("same", free)
                .set("http.management-port=" + free)
                .start()) {
            assertThat(same.exitCode()).isEqualTo(1);
            assertThat(same.err()).contains("http.management-port is " + free + ", but must differ from http.port");
        }
    }
}
