package dev.tandem.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.testkit.Timeouts;
import dev.tandem.testkit.process.FreePort;
import dev.tandem.testkit.process.TandemProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;

/** An HTTP client of a run on this machine. */
public record HttpTestClient(int port) {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    /** A client for a run that does not exist yet; start the run with {@code http.port} set to {@link #port}. */
    public static HttpTestClient onFreePort() {
        return new HttpTestClient(FreePort.find());
    }

    public URI uri(String path) {
        return URI.create("http://127.0.0.1:" + port + path);
    }

    public HttpResponse<byte[]> get(String path) {
        return send(path, "GET", BodyPublishers.noBody());
    }

    public HttpResponse<byte[]> put(String path, String body) {
        return send(path, "PUT", BodyPublishers.ofString(body));
    }

    public HttpResponse<byte[]> delete(String path) {
        return send(path, "DELETE", BodyPublishers.noBody());
    }

    public HttpResponse<byte[]> post(String path, String contentType, byte[] body, String accept) {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", contentType)
                .header("Accept", accept)
                .POST(BodyPublishers.ofByteArray(body))
                .build());
    }

    public HttpResponse<byte[]> send(HttpRequest request) {
        return send(request, BodyHandlers.ofByteArray());
    }

    /** @throws UncheckedIOException if the run does not answer */
    public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> bodyHandler) {
        try {
            return CLIENT.send(request, bodyHandler);
        } catch (IOException e) {
            throw new UncheckedIOException(request.uri() + " does not answer", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<byte[]> send(String path, String method, BodyPublisher body) {
        return send(HttpRequest.newBuilder(uri(path)).method(method, body).build());
    }

    /** The status of a GET, or 0 if the run does not answer. */
    public int status(String path) {
        try {
            return get(path).statusCode();
        } catch (UncheckedIOException e) {
            return 0;
        }
    }

    /** The body of a GET as text, whatever the status is. */
    public String body(String path) {
        return new String(get(path).body(), StandardCharsets.UTF_8);
    }

    /** The value of a metric; the sum over its labels if it has some. */
    public double metric(String name) {
        return body("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " ") || line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    public boolean isReady() {
        return status("/health/ready") == 200;
    }

    /** Waits until the run is ready; fails if it exits before. */
    public void awaitReady(TandemProcess run) {
        await().atMost(Timeouts.HANG).alias("the run is ready").until(() -> isReady() || !run.isAlive());
        assertThat(run.isAlive()).as(run.err()).isTrue();
    }
}
