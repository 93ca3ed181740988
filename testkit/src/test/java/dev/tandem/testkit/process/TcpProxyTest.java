package dev.tandem.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A proxy in front of a server that sends back what it receives. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class TcpProxyTest {
    private ServerSocket server;
    private TcpProxy proxy;

    @BeforeEach
    void start() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        CompletableFuture.runAsync(this::echo);
        proxy = TcpProxy.start(server.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        proxy.close();
        server.close();
    }

    private void echo() {
        try (Socket client = server.accept()) {
            client.getInputStream().transferTo(client.getOutputStream());
        } catch (IOException e) {
            // The test has ended.
        }
    }

    @Test
    void forward_manyChunks_keepsTheirOrder() throws IOException {
        byte[] sent = new byte[1 << 20];
        new Random(1).nextBytes(sent);
        proxy.setRoundTrip(Duration.ofMillis(10));
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            CompletableFuture<Void> sending = CompletableFuture.runAsync(() -> write(client, sent));

            assertThat(client.getInputStream().readNBytes(sent.length)).isEqualTo(sent);
            sending.join();
        }
    }

    @Test
    void forward_newConnection_takesTwoRoundTrips() throws IOException {
        proxy.setRoundTrip(Duration.ofMillis(200));
        long start = System.nanoTime();
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            write(client, new byte[] {7});

            assertThat(client.getInputStream().read()).isEqualTo(7);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(400));
        }
    }

    @Test
    void cutConnections_openConnection_endsIt() throws IOException {
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), proxy.port())) {
            write(client, new byte[] {7});
            InputStream in = client.getInputStream();
            assertThat(in.read()).isEqualTo(7);

            proxy.cutConnections();

            assertThat(readToTheEnd(in)).isTrue();
        }
    }

    private static boolean readToTheEnd(InputStream in) {
        try {
            return in.read() == -1;
        } catch (IOException e) {
            return true;
        }
    }

    private static void write(Socket socket, byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
