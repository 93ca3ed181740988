package dev.tandem.app.broker;

import dev.tandem.config.FileFault;
import dev.tandem.config.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * A single-node Kafka broker in KRaft mode. Kafka's server classes are internal and may change with any release; no
 * other class uses them.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String FORMATTED_MARKER = "meta.properties";
    private static final String FIXED_PROPERTIES = "broker.properties";

    private final KafkaRaftServer server;
    private final int port;
    private final FileChannel lock;

    private EmbeddedBroker(KafkaRaftServer server, int port, FileChannel lock) {
        this.server = server;
        this.port = port;
        this.lock = lock;
    }

    /**
     * Starts a broker.
     *
     * @param directory data folder, new or of an earlier broker
     * @param port of the clients' listener on the loopback address; 0 selects a free port
     * @throws UserError if the folder or the port cannot be used
     */
    public static EmbeddedBroker start(Path directory, int port) {
        return start(directory, port, Map.of());
    }

    /**
     * @param overrides settings of the Kafka broker that replace Tandem's, for example listeners with TLS; {@code
     *     cluster.id} is the id of a new cluster, which all its brokers must have
     */
    public static EmbeddedBroker start(Path directory, int port, Map<String, String> overrides) {
        int clientPort = freePort(port);
        Map<String, String> properties = properties(directory.toAbsolutePath(), clientPort, freePort(0));
        properties.putAll(overrides);
        try {
            Files.createDirectories(directory);
            FileChannel lock = lock(directory);
            if (!Files.exists(directory.resolve("data").resolve(FORMATTED_MARKER))) {
                format(directory, properties);
            }
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
            server.startup();
            return new EmbeddedBroker(server, clientPort, lock);
        } catch (IOException e) {
            throw new UserError(
                    "the broker cannot use the folder " + directory + " (" + FileFault.reason(e, directory)
                            + "); choose another",
                    e);
        }
    }

    public String bootstrapServers() {
        return LOOPBACK + ":" + port;
    }

    /** Blocks until the broker has stopped. */
    public void awaitShutdown() {
        server.awaitShutdown();
    }

    @Override
    public void close() {
        server.shutdown();
        server.awaitShutdown();
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Kafka takes its own lock too late: a second broker would already have damaged the metadata of the first. */
    private static FileChannel lock(Path directory) throws IOException {
        FileChannel channel =
                FileChannel.open(directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (channel.tryLock() == null) {
            channel.close();
            throw new UserError("another broker uses the folder " + directory + "; choose another with --dir");
        }
        return channel;
    }

    private static Map<String, String> properties(Path directory, int port, int controllerPort) {
        String clients = "PLAINTEXT://" + LOOPBACK + ":" + port;
        String controller = LOOPBACK + ":" + controllerPort;
        Map<String, String> properties = fixedProperties();
        properties.put("controller.quorum.voters", "1@" + controller);
        properties.put("listeners", clients + ",CONTROLLER://" + controller);
        properties.put("advertised.listeners", clients);
        properties.put("log.dirs", directory.resolve("data").toString());
        return properties;
    }

    private static Map<String, String> fixedProperties() {
        Properties file = new Properties();
        try (InputStream in = EmbeddedBroker.class.getResourceAsStream(FIXED_PROPERTIES)) {
            file.load(Objects.requireNonNull(in, FIXED_PROPERTIES));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> properties = new TreeMap<>();
        file.forEach((key, value) -> properties.put((String) key, (String) value));
        return properties;
    }

    /** Does the same as {@code kafka-storage format}. Its report is only shown if it fails. */
    private static void format(Path directory, Map<String, String> properties) throws IOException {
        Path file = directory.resolve("server.properties");
        Properties content = new Properties();
        content.putAll(properties);
        try (OutputStream out = Files.newOutputStream(file)) {
            content.store(out, "Written by tandem at the first start");
        }
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        String clusterId =
                properties.getOrDefault("cluster.id", Uuid.randomUuid().toString());
        String[] arguments = {"format", "-t", clusterId, "-c", file.toString()};
        int status = StorageTool.execute(arguments, new PrintStream(report, true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new IOException(report.toString(StandardCharsets.UTF_8));
        }
    }

    /** The given port if it is free. For 0, any free port. */
    private static int freePort(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(LOOPBACK))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UserError("port " + port + " is in use; choose another with --port", e);
        }
    }
}
