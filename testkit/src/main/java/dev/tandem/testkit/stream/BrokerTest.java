package dev.tandem.testkit.stream;

import dev.tandem.testkit.Timeouts;
import dev.tandem.testkit.client.KafkaTestClient;
import dev.tandem.testkit.process.BrokerProcess;
import dev.tandem.testkit.process.FreePort;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Base class of tests against a real broker. All tests of a class share the broker, so each test needs runs with names
 * of its own. A test that kills the broker extends {@link BrokerFaultTest}.
 */
public abstract class BrokerTest {
    protected static final Duration TIMEOUT = Timeouts.HANG;

    @TempDir
    private static Path brokerFolder;

    protected static BrokerProcess broker;
    protected static KafkaTestClient kafka;

    /** Each test starts with an empty folder. The run NAME keeps its checkpoints in the folder NAME. */
    @TempDir
    protected Path folder;

    protected TestRuns runs;

    @BeforeAll
    static void startBroker() {
        broker = BrokerProcess.start(brokerFolder, FreePort.find());
        kafka = new KafkaTestClient(broker.bootstrapServers());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void createRuns() {
        runs = new TestRuns(broker.bootstrapServers(), folder);
    }
}
