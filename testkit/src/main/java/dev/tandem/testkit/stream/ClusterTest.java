package dev.tandem.testkit.stream;

import dev.tandem.testkit.client.KafkaTestClient;
import dev.tandem.testkit.process.BrokerCluster;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Base class of tests against three brokers. All tests of a class share the cluster, so each test needs runs with names
 * of its own, and restarts the brokers that it kills.
 */
public abstract class ClusterTest {
    protected static final Duration TIMEOUT = Duration.ofMinutes(5);

    @TempDir
    private static Path clusterFolder;

    protected static BrokerCluster cluster;
    protected static KafkaTestClient kafka;

    /** Each test starts with an empty folder. The run NAME keeps its checkpoints in the folder NAME. */
    @TempDir
    protected Path folder;

    protected TestRuns runs;

    @BeforeAll
    static void startCluster() {
        cluster = BrokerCluster.start(clusterFolder);
        kafka = new KafkaTestClient(cluster.bootstrapServers());
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    @BeforeEach
    void createRuns() {
        runs = new TestRuns(cluster.bootstrapServers(), folder);
    }
}
