package dev.tandem.testkit.stream;

import dev.tandem.testkit.Timeouts;
import dev.tandem.testkit.client.KafkaTestClient;
import dev.tandem.testkit.process.BrokerProcess;
import dev.tandem.testkit.process.FreePort;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Base class of tests that kill or suspend the broker. Each test has its own broker. */
public abstract class BrokerFaultTest {
    protected static final Duration TIMEOUT = Timeouts.HANG;

    private final int port = FreePort.find();

    /** The broker keeps its data in the folder {@code broker}, and the run NAME its checkpoints in the folder NAME. */
    @TempDir
    protected Path folder;

    protected BrokerProcess broker;
    protected KafkaTestClient kafka;
    protected TestRuns runs;

    /** Further options of the command {@code broker}. */
    protected String[] brokerOptions() {
        return new String[0];
    }

    @BeforeEach
    void createBroker() {
        startBroker();
        kafka = new KafkaTestClient(broker.bootstrapServers());
        runs = new TestRuns(broker.bootstrapServers(), folder);
    }

    @AfterEach
    void closeBroker() {
        broker.close();
    }

    /** Starts the broker, or starts it again at the same address with the same data after it was killed. */
    protected void startBroker() {
        broker = BrokerProcess.start(folder.resolve("broker"), port, brokerOptions());
    }
}
