package dev.tandem.clients.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.UserError;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A run with the role {@code http} in a process of its own. It needs no broker. Closing it ends the process. */
final class ServerProcess implements AutoCloseable {
    private static final String MAIN = "dev.tandem.app.Main";
    private static final int OK = 200;
    private static final int START_SECONDS = 300;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient client = HttpClient.newHttpClient();
    private final Process process;
    private final URI url;

    private ServerProcess(Process process, URI url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts a run with the class path of this process, and waits until its model translates.
     *
     * @throws UserError if it does not
     */
    static ServerProcess start(Path settings, String javaOptions) {
        int port = freePort();
        try {
            Process process = new ProcessBuilder(command(settings, javaOptions, port))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            ServerProcess server = new ServerProcess(process, URI.create("http://127.0.0.1:" + port));
            server.awaitModel();
            return server;
        } catch (IOException e) {
            throw new UserError("cannot start a run (" + e.getMessage() + ")", e);
        }
    }

    private static List<String> command(Path settings, String javaOptions, int port) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(Arrays.asList(javaOptions.trim().split("\\s+")));
        command.addAll(List.of("-XX:+ExitOnOutOfMemoryError", "-Djava.awt.headless=true"));
        command.addAll(List.of("-Dorg.bytedeco.javacpp.maxbytes=0", "-Dorg.bytedeco.javacpp.maxphysicalbytes=0"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), MAIN, "run", "--roles", "http"));
        command.addAll(List.of("--config", settings.toString(), "--set", "http.host=127.0.0.1"));
        command.addAll(List.of("--set", "http.port=" + port, "--set", "http.management-port=0"));
        command.addAll(List.of("--set", "checkpoint.directory=" + settings.resolveSibling("checkpoints")));
        return command;
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UserError("there is no free port (" + e.getMessage() + ")", e);
        }
    }

    private void awaitModel() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        try {
            while (model().isEmpty()) {
                if (System.nanoTime() > end || process.waitFor(200, TimeUnit.MILLISECONDS)) {
                    close();
                    throw new UserError("the run has not started; see its log above");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            close();
            throw new UserError("the measurement was interrupted", e);
        }
    }

    private Optional<JsonNode> model() throws InterruptedException {
        try {
            HttpResponse<String> response =
                    client.send(HttpRequest.newBuilder(url.resolve("/v1/model")).build(), BodyHandlers.ofString());
            return response.statusCode() == OK ? Optional.of(JSON.readTree(response.body())) : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    URI url() {
        return url;
    }

    /** The size of the largest body that the run accepts. */
    int maxBodyBytes() {
        try {
            return model().orElseThrow(() -> new UserError("the run has ended; see its log above"))
                    .path("maxBodyBytes")
                    .asInt();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UserError("the measurement was interrupted", e);
        }
    }

    /** The maximum of resident memory since the start, MiB; 0 on systems without {@code /proc}. */
    long peakResidentMib() {
        return ProcessMemory.of(process.pid()).peakResident().orElse(0) >> 10;
    }

    @Override
    public void close() {
        process.destroyForcibly();
        process.onExit().join();
    }
}
