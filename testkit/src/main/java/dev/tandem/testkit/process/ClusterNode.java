package dev.tandem.testkit.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/**
 * One broker of a {@link BrokerCluster}: its address and its data, which outlive its process. It runs Kafka's own main
 * class with the libraries of the build.
 *
 * @param id the node id
 * @param folder of the data and the settings
 * @param directPort for clients without a proxy, and for the other brokers
 * @param proxiedPort for the proxy
 * @param proxy the proxy in front of {@code proxiedPort}
 */
record ClusterNode(int id, Path folder, int directPort, int proxiedPort, TcpProxy proxy) {
    private static final Path BUILD = Path.of("target").toAbsolutePath();
    private static final String FIXED_PROPERTIES = "cluster.properties";
    private static final String LOOPBACK = "127.0.0.1:";
    /** The first command does nothing if the folder has data. */
    private static final String FORMAT_AND_START = """
            java -cp "$CLASS_PATH" -XX:TieredStopAtLevel=1 kafka.tools.StorageTool \
                format --ignore-formatted -t "$CLUSTER_ID" -c "$SETTINGS" &&
            exec java -cp "$CLASS_PATH" -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx256m kafka.Kafka "$SETTINGS"
            """;

    static ClusterNode create(int id, Path folder) {
        int proxiedPort = FreePort.find();
        return new ClusterNode(id, folder, FreePort.find(), proxiedPort, TcpProxy.start(proxiedPort));
    }

    String directAddress() {
        return LOOPBACK + directPort;
    }

    String proxiedAddress() {
        return LOOPBACK + proxy.port();
    }

    /** Writes the settings of this broker. */
    void configure(int controllerPort, String quorumVoters) {
        Properties properties = fixedProperties();
        properties.setProperty("node.id", Integer.toString(id));
        properties.setProperty("controller.quorum.voters", quorumVoters);
        properties.setProperty(
                "listeners",
                "DIRECT://" + directAddress() + ",PROXIED://" + LOOPBACK + proxiedPort + ",CONTROLLER://" + LOOPBACK
                        + controllerPort);
        properties.setProperty(
                "advertised.listeners", "DIRECT://" + directAddress() + ",PROXIED://" + proxiedAddress());
        properties.setProperty("log.dirs", folder.resolve("data").toString());
        try {
            Files.createDirectories(folder);
            try (Writer out = Files.newBufferedWriter(settingsFile())) {
                properties.store(out, "");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts the process. The broker answers some seconds later. */
    BrokerProcess start(String clusterId) {
        ProcessBuilder builder = new ProcessBuilder(List.of("bash", "-c", FORMAT_AND_START));
        builder.environment().put("CLASS_PATH", BUILD.resolve("tandem-app.jar") + ":" + BUILD.resolve("lib") + "/*");
        builder.environment().put("CLUSTER_ID", clusterId);
        builder.environment().put("SETTINGS", settingsFile().toString());
        return new BrokerProcess(TandemProcess.start(builder), directAddress());
    }

    private Path settingsFile() {
        return folder.resolve("server.properties");
    }

    private static Properties fixedProperties() {
        Properties properties = new Properties();
        try (InputStream in = ClusterNode.class.getResourceAsStream(FIXED_PROPERTIES)) {
            properties.load(Objects.requireNonNull(in, FIXED_PROPERTIES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties;
    }
}
