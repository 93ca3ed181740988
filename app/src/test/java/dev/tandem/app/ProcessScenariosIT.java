package dev.tandem.app;

import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.process.BrokerProcess;
import dev.tandem.testkit.process.FreePort;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.StreamScenarios;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The scenarios with a broker and a run that are processes of this machine. */
class ProcessScenariosIT extends StreamScenarios {
    private static final HttpTestClient HTTP = HttpTestClient.onFreePort();

    @TempDir
    private static Path folder;

    private static BrokerProcess broker;
    private static TandemProcess run;

    @BeforeAll
    static void start() {
        broker = BrokerProcess.start(folder.resolve("broker"), FreePort.find());
        run = TandemProcess.start(("run --set model.image-size=32 --set model.width=4 --set http.port=" + HTTP.port()
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
    public HttpTestClient http() {
        return HTTP;
    }
}
