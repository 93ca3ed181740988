package dev.tandem.app.broker;

import dev.tandem.config.UserError;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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
import java.util.Properties;
import java.util.TreeMap;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/**
 * A single-node Kafka broker in KRaft mode. Kafka's server classes are internal to it and may change with any release;
 * this is the only class that knows them.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String FORMATTED = "meta.properties";
    private static final long LARGEST_MESSAGE = 64L << 20;

    private final KafkaRaftServer server;
    private final int port;
    private final FileChannel lock;

    private EmbeddedBroker(KafkaRaftServer server, int port, FileChannel lock) {
        this.server = server;
        this.port = port;
        this.lock = lock;
    }

    /**
     * Starts a broker that keeps its data in a folder, new or used.
     *
     * @param port of the clients' listener on the loopback address; 0: any free one
     */
    public static EmbeddedBroker start(Path directory, int port) {
        return start(directory, port, Map.of());
    }

    /** @param more Kafka's own broker settings, over ours: listeners with TLS, say */
    public static EmbeddedBroker start(Path directory, int port, Map<String, String> more) {
        int clientPort = free(port);
        Map<String, String> properties = properties(directory.toAbsolutePath(), clientPort, free(0));
        properties.putAll(more);
        try {
            Files.createDirectories(directory);
            FileChannel lock = lock(directory);
            if (!Files.exists(directory.resolve("data").resolve(FORMATTED))) {
                format(directory, properties);
            }
            KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(properties, false), Time.SYSTEM);
            server.startup();
            return new EmbeddedBroker(server, clientPort, lock);
        } catch (IOException e) {
            throw new UserError("the broker's folder " + directory + " cannot be used (" + e.getMessage() + ")", e);
        }
    }

    public String bootstrapServers() {
        return LOOPBACK + ":" + port;
    }

    /** Returns when the broker has ended. */
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

    /** Kafka's own lock comes too late: a second broker would by then have spoilt the first one's metadata. */
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
        Map<String, String> properties = new TreeMap<>();
        properties.put("process.roles", "broker,controller");
        properties.put("node.id", "1");
        properties.put("controller.quorum.voters", "1@" + LOOPBACK + ":" + controllerPort);
        properties.put(
                "listeners",
                "PLAINTEXT://" + LOOPBACK + ":" + port + ",CONTROLLER://" + LOOPBACK + ":" + controllerPort);
        properties.put("advertised.listeners", "PLAINTEXT://" + LOOPBACK + ":" + port);
        properties.put("controller.listener.names", "CONTROLLER");
        properties.put("inter.broker.listener.name", "PLAINTEXT");
        properties.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
        properties.put("log.dirs", directory.resolve("data").toString());
        properties.put("auto.create.topics.enable", "false");
        properties.put("message.max.bytes", Long.toString(LARGEST_MESSAGE));
        properties.put("offsets.topic.num.partitions", "1");
        properties.put("offsets.topic.replication.factor", "1");
        properties.put("transaction.state.log.num.partitions", "1");
        properties.put("transaction.state.log.replication.factor", "1");
        properties.put("transaction.state.log.min.isr", "1");
        properties.put("share.coordinator.state.topic.num.partitions", "1");
        properties.put("share.coordinator.state.topic.replication.factor", "1");
        properties.put("share.coordinator.state.topic.min.isr", "1");
        properties.put("group.initial.rebalance.delay.ms", "0");
        properties.put("log.cleaner.dedupe.buffer.size", "4194304");
        properties.put("num.network.threads", "1");
        properties.put("num.io.threads", "2");
        return properties;
    }

    /** What {@code kafka-storage format} does; its report is of no interest unless it fails. */
    private static void format(Path directory, Map<String, String> properties) throws IOException {
        Path file = directory.resolve("server.properties");
        Properties written = new Properties();
        written.putAll(properties);
        try (OutputStream out = Files.newOutputStream(file)) {
            written.store(out, "Written by tandem at the first start");
        }
        ByteArrayOutputStream report = new ByteArrayOutputStream();
        String[] arguments = {"format", "-t", Uuid.randomUuid().toString(), "-c", file.toString()};
        int status = StorageTool.execute(arguments, new PrintStream(report, true, StandardCharsets.UTF_8));
        if (status != 0) {
            throw new IOException(report.toString(StandardCharsets.UTF_8));
        }
    }

    /** The port itself if nobody listens there; 0: any free one. */
    private static int free(int port) {
        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(LOOPBACK))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UserError("port " + port + " is in use; choose another with --port", e);
        }
    }
}
