package dev.tandem.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.actors.SamplerActor.Sample;
import dev.tandem.images.encode.PngEncoder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The memory of translation requests: reserved before a body is read, and released once in every case. */
class RequestMemoryTest {
    private static final Duration TIMEOUT = Duration.ofMinutes(1);
    private static final int MIB = 1 << 20;
    private static final byte[] IMAGE = PngEncoder.encode(new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB));
    private static final String IMAGE_TYPE = "image/png";
    private static final String FORM_TYPE = "multipart/form-data; boundary=x";

    @TempDir
    private Path checkpoints;

    private final List<Socket> uploads = new ArrayList<>();
    private TestServer server;

    private void start(String... assignments) {
        List<String> all = new ArrayList<>(List.of("http.max-memory=4 MiB", "http.max-requests=100"));
        all.addAll(List.of(assignments));
        server = TestServer.start(checkpoints, all.toArray(String[]::new));
    }

    @AfterEach
    void stop() throws IOException {
        for (Socket socket : uploads) {
            socket.close();
        }
        server.close();
    }

    @Test
    void body_whoseMemoryIsInUse_isRefusedBeforeItIsRead() throws Exception {
        start();
        beginUpload(MIB, IMAGE_TYPE);
        await().atMost(TIMEOUT).until(() -> reserved() == 2 * MIB);
        beginUpload(MIB - 4096, IMAGE_TYPE);
        await().atMost(TIMEOUT).until(() -> reserved() == 4 * MIB - 8192);

        HttpResponse<String> refused = post(IMAGE_TYPE, BodyPublishers.ofByteArray(new byte[5000]));

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("Retry-After")).hasValue("1");
        assertThat(refused.body()).contains("http.max-memory");
        assertThat(server.metric("tandem_http_refused_total")).isEqualTo(1);
        assertThat(post(IMAGE_TYPE, BodyPublishers.ofByteArray(new byte[100])).statusCode())
                .isEqualTo(422);
        assertThat(reserved()).isEqualTo(4 * MIB - 8192);
    }

    @Test
    void body_ofARefusedRequest_isReadBeforeTheResponse() throws Exception {
        start();
        Socket client = open("Content-Length: " + 3 * MIB, IMAGE_TYPE);

        client.getOutputStream().write(new byte[3 * MIB]);
        client.shutdownOutput();

        assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .startsWith("HTTP/1.1 413 ");
        assertThat(server.metric("tandem_http_refused_total")).isEqualTo(1);
    }

    @Test
    void body_thatNeverFits_isTooLarge() throws Exception {
        start();

        HttpResponse<String> known = post(IMAGE_TYPE, BodyPublishers.ofByteArray(new byte[2 * MIB + 1]));
        HttpResponse<String> chunked = post(IMAGE_TYPE, chunked(new byte[4 * MIB]));

        assertThat(known.statusCode()).isEqualTo(413);
        assertThat(known.body()).contains("larger than " + 2 * MIB + " bytes", "http.max-memory");
        assertThat(chunked.statusCode()).isIn(413, 503);
        await().atMost(TIMEOUT).until(() -> reserved() == 0);
    }

    @Test
    void body_withoutContentLength_reservesThreeTimesWhatHasArrived() throws Exception {
        start();
        Socket upload = open("Transfer-Encoding: chunked", IMAGE_TYPE);
        write(upload, "10000\r\n" + "x".repeat(0x10000) + "\r\n");

        await().atMost(TIMEOUT).until(() -> reserved() == 3 * 0x10000);
    }

    @Test
    void memory_clientAborts_isReleased() throws Exception {
        start();
        Socket known = beginUpload(MIB, IMAGE_TYPE);
        Socket chunked = open("Transfer-Encoding: chunked", IMAGE_TYPE);
        write(chunked, "400\r\n" + "x".repeat(0x400) + "\r\n");
        await().atMost(TIMEOUT).until(() -> reserved() == 2 * MIB + 3 * 1024);

        known.close();
        chunked.setSoLinger(true, 0);
        chunked.close();

        await().atMost(TIMEOUT).until(() -> reserved() == 0);
    }

    @Test
    void memory_clientIsTooSlow_isReleasedAfterTheTransferTimeout() throws Exception {
        start("http.transfer-timeout=1 second");
        Socket slow = beginUpload(MIB, IMAGE_TYPE);
        slow.setSoTimeout((int) TIMEOUT.toMillis());

        String response = new String(slow.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(response).startsWith("HTTP/1.1 408 ").contains("http.transfer-timeout");
        await().atMost(TIMEOUT).until(() -> reserved() == 0);
    }

    @Test
    void memory_requestFailsOrIsInvalid_isReleased() throws Exception {
        start();

        assertThat(post(IMAGE_TYPE, BodyPublishers.ofByteArray(new byte[MIB])).statusCode())
                .isEqualTo(422);
        assertThat(post(FORM_TYPE, BodyPublishers.ofByteArray(new byte[MIB])).statusCode())
                .isEqualTo(400);
        assertThat(post("multipart/form-data", BodyPublishers.ofByteArray(new byte[MIB]))
                        .statusCode())
                .isEqualTo(400);

        await().atMost(TIMEOUT).until(() -> reserved() == 0);
    }

    @Test
    void memory_successfulRequest_isHeldForTheResultsUntilTheResponseIsSent() throws Exception {
        start();
        CompletableFuture<HttpResponse<byte[]>> response = server.client.sendAsync(
                request(IMAGE_TYPE, BodyPublishers.ofByteArray(IMAGE), "?samples=2"), BodyHandlers.ofByteArray());
        Sample sample = server.nextSample();
        // Four inputs and two outputs of 32x32 pixels with three channels.
        assertThat(reserved()).isEqualTo(32 * 32 * 3 * (4 * 4 + 2 * 12));

        TestServer.reply(sample);

        assertThat(response.get(1, TimeUnit.MINUTES).statusCode()).isEqualTo(200);
        await().atMost(TIMEOUT).until(() -> reserved() == 0);
        assertThat(server.metric("tandem_http_translation_seconds_count")).isEqualTo(1);
    }

    @Test
    void memory_clientGoesBeforeTheReply_isReleased() throws Exception {
        start("http.transfer-timeout=1 second");
        Socket client = open("Content-Length: " + IMAGE.length, IMAGE_TYPE);
        client.getOutputStream().write(IMAGE);
        Sample sample = server.nextSample();
        client.setSoLinger(true, 0);
        client.close();

        TestServer.reply(sample);

        await().atMost(TIMEOUT).until(() -> server.metric("tandem_http_translation_seconds_count") == 1);
        await().atMost(TIMEOUT).until(() -> reserved() == 0);
    }

    @Test
    void results_whoseMemoryIsInUse_areRefused() throws Exception {
        start("http.max-memory=1 MiB");
        CompletableFuture<HttpResponse<String>> first = server.client.sendAsync(
                request(IMAGE_TYPE, BodyPublishers.ofByteArray(IMAGE), "?samples=16"), BodyHandlers.ofString());
        Sample sample = server.nextSample();

        HttpResponse<String> refused = server.send(HttpRequest.newBuilder(server.uri("/v1/translations?samples=16"))
                .header("Content-Type", IMAGE_TYPE)
                .POST(BodyPublishers.ofByteArray(IMAGE)));

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(server.metric("tandem_http_refused_total")).isEqualTo(1);
        TestServer.reply(sample);
        assertThat(first.get(1, TimeUnit.MINUTES).statusCode()).isEqualTo(200);
        await().atMost(TIMEOUT).until(() -> reserved() == 0);
    }

    @Test
    void results_thatNeverFit_areRefusedForGood() throws Exception {
        start("http.max-memory=1 MiB");

        HttpResponse<String> refused = server.send(HttpRequest.newBuilder(server.uri("/v1/translations?samples=64"))
                .header("Content-Type", IMAGE_TYPE)
                .POST(BodyPublishers.ofByteArray(IMAGE)));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("64 samples need 3 MiB of heap, but http.max-memory is 1 MiB");
        assertThat(reserved()).isZero();
    }

    @Test
    void form_ofManyParts_isRefusedAfterTheFirstOnes() throws Exception {
        start("http.max-memory=64 MiB");
        byte[] parts = ("--x\r\n\r\n\r\n").repeat(800_000).getBytes(StandardCharsets.US_ASCII);
        byte[] named = ("--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\r\n")
                .repeat(100_000)
                .getBytes(StandardCharsets.US_ASCII);

        assertThat(post(FORM_TYPE, BodyPublishers.ofByteArray(parts)).statusCode())
                .isEqualTo(400);
        HttpResponse<String> refused = post(FORM_TYPE, BodyPublishers.ofByteArray(named));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("more than 16 parts");
        assertThat(reserved()).isZero();
    }

    @Test
    void form_parameterOfManyBytes_isRefused() throws Exception {
        start();
        String form =
                "--x\r\nContent-Disposition: form-data; name=\"seed\"\r\n\r\n" + "1".repeat(100_000) + "\r\n--x--\r\n";

        HttpResponse<String> refused = post(FORM_TYPE, BodyPublishers.ofString(form));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("the part seed has 100000 bytes");
    }

    private long reserved() {
        return (long) server.metric("tandem_http_memory_bytes");
    }

    private static BodyPublisher chunked(byte[] body) {
        return BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body));
    }

    private HttpResponse<String> post(String type, BodyPublisher body) throws Exception {
        return server.client
                .sendAsync(request(type, body, ""), BodyHandlers.ofString())
                .get(1, TimeUnit.MINUTES);
    }

    private HttpRequest request(String type, BodyPublisher body, String query) {
        return HttpRequest.newBuilder(server.uri("/v1/translations" + query))
                .header("Content-Type", type)
                .POST(body)
                .build();
    }

    /** A client that announces a body and sends one byte of it. */
    private Socket beginUpload(int bytes, String type) throws IOException {
        Socket socket = open("Content-Length: " + bytes, type);
        write(socket, "x");
        return socket;
    }

    private Socket open(String lengthHeader, String type) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.ports.port());
        uploads.add(socket);
        write(
                socket,
                "POST /v1/translations HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + type + "\r\n" + lengthHeader
                        + "\r\n\r\n");
        return socket;
    }

    private static void write(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
    }
}
