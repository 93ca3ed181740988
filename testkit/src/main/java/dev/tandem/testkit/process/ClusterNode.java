package dev.tandem.testkit.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;

/**
 * One broker of a {@link BrokerCluster}: its addresses and its data, which outlive its process.
 *
 * @param id the node id
 * @param folder of the data
 * @param directPort for clients without a proxy, and for the other brokers
 * @param proxiedPort for the proxy
 * @param controllerPort for the controllers of the cluster
 * @param proxy the proxy in front of {@code proxiedPort}
 */
record ClusterNode(int id, Path folder, int directPort, int proxiedPort, int controllerPort, TcpProxy proxy) {
    private static final String FIXED_PROPERTIES = "cluster.properties";
    private static final String JAVA_OPTIONS = "-Xmx256m -XX:+UseSerialGC";
    private static final String LOOPBACK = "127.0.0.1:";

    static ClusterNode create(int id, Path folder) {
        int proxiedPort = FreePort.find();
        TcpProxy proxy = TcpProxy.start(proxiedPort);
        return new ClusterNode(id, folder, FreePort.find(), proxiedPort, FreePort.find(), proxy);
    }

    String directAddress() {
        return LOOPBACK + directPort;
    }

    String proxiedAddress() {
        return LOOPBACK + proxy.port();
    }

    /** The address of the controller, as other nodes need it. */
    String voter() {
        return id + "@" + LOOPBACK + controllerPort;
    }

    /**
     * Starts the process. The broker answers some seconds later.
     *
     * @param clusterProperties settings that all brokers share
     */
    BrokerProcess start(Map<String, String> clusterProperties) {
        Properties properties = fixedProperties();
        properties.putAll(clusterProperties);
        properties.setProperty("node.id", Integer.toString(id));
        properties.setProperty(
                "listeners",
                "DIRECT://" + directAddress() + ",PROXIED://" + LOOPBACK + proxiedPort + ",CONTROLLER://" + LOOPBACK
                        + controllerPort);
        properties.setProperty(
                "advertised.listeners", "DIRECT://" + directAddress() + ",PROXIED://" + proxiedAddress());
        List<String> options = new ArrayList<>();
        properties.forEach((key, value) -> options.addAll(List.of("--property", key + "=" + value)));
        return BrokerProcess.launch(folder, directPort, options, JAVA_OPTIONS);
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
