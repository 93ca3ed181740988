package dev.tandem.app;

import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.stream.StreamScenarios;
import java.io.File;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ComposeContainer;
import org.testcontainers.containers.wait.strategy.Wait;

/** The scenarios with {@code docker compose up}. {@code mvn -B verify -Pdocker} runs them if a container engine answers. */
@Tag("docker")
class ComposeIT extends StreamScenarios {
    private static final int HTTP_PORT = 8080;
    private static final String BOOTSTRAP_SERVERS = "localhost:9094";
    private static Optional<ComposeContainer> compose = Optional.empty();

    @BeforeAll
    static void start() {
        Assumptions.assumeTrue(
                DockerClientFactory.instance().isDockerAvailable(),
                "no container engine answers; ProcessScenariosIT runs the same scenarios without one");
        ComposeContainer started = new ComposeContainer(new File("../docker-compose.yml"))
                .withBuild(true)
                // Compose itself pulls the images of the services that it starts; this would pull all of the file.
                .withPull(false)
                .waitingFor("tandem", Wait.forHealthcheck().withStartupTimeout(Duration.ofHours(1)));
        started.start();
        compose = Optional.of(started);
    }

    @AfterAll
    static void stop() {
        compose.ifPresent(ComposeContainer::stop);
    }

    @Override
    public String bootstrapServers() {
        return BOOTSTRAP_SERVERS;
    }

    @Override
    public HttpTestClient http() {
        return new HttpTestClient(HTTP_PORT);
    }
}
