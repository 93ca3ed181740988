package dev.tandem.testkit;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of runs against a real broker in a JVM of its own. Every test has topics of its own. */
public abstract class WithBroker {
    public static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private static Path brokerFolder;

    public static BrokerProcess broker;

    @TempDir
    public Path folder;

    public Runs runs;

    @BeforeAll
    public static void startBroker() {
        broker = BrokerProcess.start(brokerFolder, BrokerProcess.freePort());
    }

    @AfterAll
    public static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    public void makeRuns() {
        runs = new Runs(broker, folder);
    }
}
