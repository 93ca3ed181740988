package dev.tandem.clients.load;

import dev.tandem.clients.load.LoadResult.Response;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/**
 * Clients that send images to {@code POST /v1/translations} at the same time.
 *
 * @param server for example {@code http://localhost:8080}
 */
public record HttpLoad(URI server) {
    private static final Duration TIMEOUT = Duration.ofMinutes(15);
    private static final int UNAVAILABLE = 503;

    /** Each client sends the body again as soon as it has a response, or after the time in {@code Retry-After}. */
    public LoadResult repeat(int clients, byte[] body, Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        return run(clients, body, end);
    }

    /** Each client sends the body once. */
    public LoadResult once(int clients, byte[] body) {
        return run(clients, body, System.nanoTime());
    }

    private LoadResult run(int clients, byte[] body, long end) {
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        HttpRequest request = HttpRequest.newBuilder(server.resolve("/v1/translations?samples=1"))
                .header("Content-Type", "image/png")
                .timeout(TIMEOUT)
                .POST(publisher(body))
                .build();
        Queue<Response> responses = new ConcurrentLinkedQueue<>();
        long start = System.nanoTime();
        CompletableFuture.allOf(IntStream.range(0, clients)
                        .mapToObj(i -> send(client, request, end, responses))
                        .toArray(CompletableFuture[]::new))
                .join();
        return LoadResult.of(clients, System.nanoTime() - start, List.copyOf(responses));
    }

    /** Not {@code ofByteArray}, which copies the whole body for each client. */
    private static BodyPublisher publisher(byte[] body) {
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(body)), body.length);
    }

    private static CompletableFuture<Void> send(
            HttpClient client, HttpRequest request, long end, Queue<Response> responses) {
        long start = System.nanoTime();
        return client.sendAsync(request, BodyHandlers.discarding())
                .thenApply(HttpResponse::statusCode)
                .exceptionally(failure -> 0)
                .thenCompose(status -> {
                    responses.add(new Response(status, System.nanoTime() - start));
                    return System.nanoTime() >= end
                            ? CompletableFuture.completedFuture(null)
                            : CompletableFuture.completedFuture(status)
                                    .thenComposeAsync(again -> send(client, request, end, responses), executor(status));
                });
    }

    /** After a refusal or a failure, a client waits for a second as {@code Retry-After} says. */
    private static Executor executor(int status) {
        return status == UNAVAILABLE || status == 0
                ? CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS)
                : CompletableFuture.delayedExecutor(0, TimeUnit.SECONDS);
    }
}
