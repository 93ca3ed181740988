package dev.tandem.testkit.process;

import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;

/**
 * Three Kafka brokers in processes of their own. Topics have three replicas, and a write needs two of them. Clients
 * connect to the brokers directly, or through a {@link TcpProxy} in front of each broker.
 */
public final class BrokerCluster implements AutoCloseable {
    /** Number of brokers. Their ids are 1 to 3. */
    public static final int SIZE = 3;

    private static final Duration TIMEOUT = Duration.ofMinutes(5);

    private final List<ClusterNode> nodes;
    private final Map<String, String> properties;
    private final List<BrokerProcess> brokers;

    private BrokerCluster(List<ClusterNode> nodes) {
        this.nodes = nodes;
        this.properties = Map.of(
                "cluster.id", Uuid.randomUuid().toString(),
                "controller.quorum.voters", join(ClusterNode::voter));
        this.brokers = new ArrayList<>(
                nodes.stream().map(node -> node.start(properties)).toList());
    }

    /** Starts a cluster with its data in the folder, and waits until all brokers answer. */
    public static BrokerCluster start(Path folder) {
        List<ClusterNode> nodes = IntStream.rangeClosed(1, SIZE)
                .mapToObj(id -> ClusterNode.create(id, folder.resolve("broker-" + id)))
                .toList();
        BrokerCluster cluster = new BrokerCluster(nodes);
        try {
            cluster.awaitAllBrokers();
            return cluster;
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    /** The addresses of all brokers, without proxies. */
    public String bootstrapServers() {
        return join(ClusterNode::directAddress);
    }

    /** The addresses of the proxies. A client that starts with them uses the proxies for all its connections. */
    public String proxiedBootstrapServers() {
        return join(ClusterNode::proxiedAddress);
    }

    /** Sets the round trip time of all proxies. */
    public void setRoundTrip(Duration time) {
        nodes.forEach(node -> node.proxy().setRoundTrip(time));
    }

    /** Closes all connections through the proxies. Clients can connect again. */
    public void cutConnections() {
        nodes.forEach(node -> node.proxy().cutConnections());
    }

    /** @param id 1 to 3 */
    public BrokerProcess broker(int id) {
        return brokers.get(id - 1);
    }

    /** Starts a killed broker again, with the same address and data. Returns before the broker answers. */
    public void restart(int id) {
        brokers.set(id - 1, nodes.get(id - 1).start(properties));
    }

    /** Starts the brokers that do not run, and waits until all brokers answer. */
    public void recover() {
        IntStream.rangeClosed(1, SIZE).filter(id -> !broker(id).isAlive()).forEach(this::restart);
        awaitAllBrokers();
    }

    private void awaitAllBrokers() {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers()))) {
            await().atMost(TIMEOUT).alias("three brokers").until(() -> countBrokers(admin) == SIZE);
        }
    }

    private static int countBrokers(Admin admin) throws InterruptedException {
        try {
            return admin.describeCluster().nodes().get().size();
        } catch (ExecutionException e) {
            return 0;
        }
    }

    private String join(Function<ClusterNode, String> text) {
        return nodes.stream().map(text).collect(Collectors.joining(","));
    }

    @Override
    public void close() {
        brokers.forEach(BrokerProcess::close);
        nodes.forEach(node -> node.proxy().close());
    }
}
