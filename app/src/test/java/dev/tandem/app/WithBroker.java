package dev.tandem.app;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Tests of runs against a real broker in a JVM of its own. Every test has topics of its own. */
abstract class WithBroker {
    static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    private static Path brokerFolder;

    static BrokerProcess broker;

    @TempDir
    Path folder;

    Runs runs;

    @BeforeAll
    static void startBroker() {
        broker = BrokerProcess.start(brokerFolder, BrokerProcess.freePort());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @BeforeEach
    void makeRuns() {
        runs = new Runs(broker, folder);
    }
}
