package dev.tandem.serving.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** What clients can write to the log: at most one line per period. */
class RequestLogTest {
    private static final int REQUESTS = 300;
    private static final List<String> MALFORMED = List.of(
            "G\u001b[31mT / HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET /\u001b[2J HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/9.9\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX\u0007: \u001b]0;title\u0007\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nAuthorization: \u001b[1m{{{\r\nCookie: \u0001=\u0002\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
            "GET /" + "a".repeat(5000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
            "POST /v1/serving HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nx",
            "\u0016\u0003\u0001\u0002garbage\r\n\r\n");

    private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    private final ListAppender<ILoggingEvent> appender = new ListAppender<>();

    @TempDir
    private Path checkpoints;

    @BeforeEach
    void record() {
        appender.start();
        root.addAppender(appender);
    }

    @AfterEach
    void stopRecording() {
        root.detachAppender(appender);
    }

    @Test
    void malformedRequests_inANumber_areLoggedOncePerPeriod() throws Exception {
        try (TestServer server = TestServer.start(checkpoints)) {
            for (int i = 0; i < REQUESTS; i++) {
                send(server, MALFORMED.get(i % MALFORMED.size()));
            }
            assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
        }

        assertThat(appender.list.stream().map(ILoggingEvent::getFormattedMessage))
                .hasSizeBetween(1, 3)
                .allSatisfy(line -> assertThat(line).startsWith("malformed HTTP request: "));
    }

    /** Sends the bytes and reads the response, so that the server has seen the request. */
    private static void send(TestServer server, String request) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.ports.port())) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            socket.getInputStream().readAllBytes();
        } catch (SocketException e) {
            // The server has closed the connection before it has read everything.
        }
    }
}
