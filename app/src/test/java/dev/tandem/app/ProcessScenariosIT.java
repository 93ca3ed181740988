package dev.tandem.app;

import dev.tandem.testkit.BrokerProcess;
import dev.tandem.testkit.HttpGet;
import dev.tandem.testkit.StreamScenarios;
import dev.tandem.testkit.TandemProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios against a broker and a run that are processes of this machine. */
class ProcessScenariosIT extends StreamScenarios {
    private static final int PORT = BrokerProcess.freePort();

    @TempDir
    private static Path folder;

    private static BrokerProcess broker;
    private static TandemProcess run;

    @BeforeAll
    static void start() {
        broker = BrokerProcess.start(folder.resolve("broker"), BrokerProcess.freePort());
        run = TandemProcess.start(("run --set model.image-size=32 --set model.width=4 --set http.port=" + PORT
                        + " --set kafka.bootstrap-servers=" + broker.bootstrapServers() + " --set checkpoint.directory="
                        + folder.resolve("checkpoints"))
                .split(" "));
    }

    @AfterAll
    static void stop() {
        run.close();
        broker.close();
    }

    @Override
    public String bootstrapServers() {
        return broker.bootstrapServers();
    }

    @Override
    public HttpGet http() {
        return new HttpGet(PORT);
    }
}
