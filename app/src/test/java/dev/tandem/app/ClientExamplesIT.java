package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tandem.testkit.process.FreePort;
import dev.tandem.testkit.process.InstalledTools;
import dev.tandem.testkit.stream.BrokerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The programs in docs/clients answer the usual mistakes with one line. DocsIT runs them without mistakes. */
class ClientExamplesIT extends BrokerTest {
    private static final Path CLIENTS =
            Path.of("..", "docs", "clients").toAbsolutePath().normalize();
    private static final String CLASS_PATH = Path.of("target", "tandem-app.jar").toAbsolutePath() + ":"
            + Path.of("target", "lib").toAbsolutePath() + "/*";

    @Test
    void pairs_mistakes_areExplainedInOneLine() throws Exception {
        assumeTrue(python("import confluent_kafka").exit() == 0, "confluent-kafka is not installed");
        String image = image();
        String nowhere = "localhost:" + FreePort.find();
        String pairs = CLIENTS.resolve("pairs.py").toString();

        assertFails(execute("/usr/bin/python3", pairs, nowhere, image), "no pair was sent to " + nowhere + ": ");
        assertFails(
                execute("/usr/bin/python3", pairs, broker.bootstrapServers(), image),
                "there is no topic pairs at " + broker.bootstrapServers() + "; ");
        assertFails(execute("/usr/bin/python3", pairs, nowhere), "Sends pairs to Kafka");
        kafka.admin().createTopic("pairs", 1);
        assertFails(
                execute("/usr/bin/python3", pairs, broker.bootstrapServers(), "no.png"),
                "cannot read no.png: No such file");
    }

    @Test
    void translateOneOverHttp_mistakes_areExplainedInOneLine() throws Exception {
        assumeTrue(InstalledTools.find("python3").isPresent(), "python3 is not installed");
        String nowhere = "http://localhost:" + FreePort.find();
        String client = CLIENTS.resolve("translate_one.py").toString();

        assertFails(execute("python3", client, nowhere, image(), "1"), "no server answers at " + nowhere + ": ");
        assertFails(execute("python3", client, nowhere, "no.png", "1"), "no.png: No such file");
        assertFails(execute("python3", client, "nonsense", image(), "1"), "nonsense is not a Tandem server: ");
    }

    @Test
    void translateOneOverKafka_mistakes_areExplainedInOneLine() throws Exception {
        String nowhere = "localhost:" + FreePort.find();

        assertFails(java(nowhere, image(), "1"), "cannot send to the topic sources at " + nowhere + " (");
        assertFails(java(nowhere, "no.png", "1"), "cannot read no.png");
        assertFails(java(nowhere, image()), "usage: TranslateOne.java");
        assertFails(java(nowhere, image(), "many"), "usage: TranslateOne.java");
    }

    private record Result(int exit, String err) {}

    private static void assertFails(Result result, String message) {
        assertThat(result.exit()).isEqualTo(1);
        assertThat(result.err().strip().lines()).singleElement().asString().startsWith(message);
    }

    private Result java(String... arguments) throws Exception {
        return execute(Stream.concat(
                        Stream.of(
                                "java",
                                "-cp",
                                CLASS_PATH,
                                CLIENTS.resolve("TranslateOne.java").toString()),
                        Stream.of(arguments))
                .toArray(String[]::new));
    }

    private Result python(String script) throws Exception {
        return execute("/usr/bin/python3", "-c", script);
    }

    private Result execute(String... command) throws Exception {
        Path err = folder.resolve("err");
        Process process = new ProcessBuilder(List.of(command))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile())
                .start();
        return new Result(process.waitFor(), Files.readString(err));
    }

    private String image() throws IOException {
        return Files.writeString(folder.resolve("image.png"), "not read").toString();
    }
}
