package dev.tandem.clients.load;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import dev.tandem.config.FileFault;
import dev.tandem.config.UserError;
import dev.tandem.datasets.Shapes;
import dev.tandem.datasets.files.TemporaryFolder;
import dev.tandem.images.encode.PngEncoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures the HTTP API of a run in a process of its own: throughput, latency, refusals and memory by number of clients,
 * and the same while 64 clients send the largest body. The JVM of the run has the options of the environment variable {@code
 * TANDEM_JAVA_OPTS}, or a heap of 512 MiB.
 *
 * @param config the resolved configuration; the section {@code tandem} is used
 * @param side width and height of the image that the clients send
 * @param duration duration of the warm-up, and of each measurement
 */
public record HttpBench(Config config, int side, Duration duration) {
    private static final String DEFAULT_JAVA_OPTIONS = "-Xmx512m";
    private static final List<Integer> CLIENTS = List.of(1, 8, 64, 512);
    private static final int CLIENTS_WITH_LARGEST_BODY = 64;

    /**
     * Runs the measurements.
     *
     * @return figures by JSON key
     * @throws UserError if the run does not start
     */
    public Map<String, Object> run() {
        String javaOptions = System.getenv().getOrDefault("TANDEM_JAVA_OPTS", DEFAULT_JAVA_OPTIONS);
        byte[] image = PngEncoder.encode(
                Shapes.generate(1).examples().get(0).render(side).getSubimage(0, 0, side, side));
        try (TemporaryFolder work = TemporaryFolder.create();
                ServerProcess server = ServerProcess.start(settingsFile(work.path()), javaOptions)) {
            HttpLoad load = new HttpLoad(server.url());
            load.repeat(1, image, duration);
            List<Map<String, Object>> levels = new ArrayList<>();
            for (int clients : CLIENTS) {
                levels.add(withMemory(load.repeat(clients, image, duration), server));
            }
            byte[] largest = new byte[server.maxBodyBytes()];
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("javaOptions", javaOptions);
            figures.put("levels", levels);
            figures.put("largestBodyBytes", largest.length);
            figures.put("largestBody", withMemory(load.once(CLIENTS_WITH_LARGEST_BODY, largest), server));
            figures.put("servesAfterwards", load.once(1, image).count(200) == 1);
            return figures;
        }
    }

    private static Map<String, Object> withMemory(LoadResult result, ServerProcess server) {
        Map<String, Object> figures = result.summary();
        figures.put("peakMiB", server.peakResidentMib());
        return figures;
    }

    private Path settingsFile(Path folder) {
        try {
            return Files.writeString(
                    folder.resolve("settings.conf"),
                    config.getConfig("tandem").atPath("tandem").root().render(ConfigRenderOptions.concise()));
        } catch (IOException e) {
            throw new UserError("cannot write the settings of the run (" + FileFault.reason(e) + ")", e);
        }
    }
}
