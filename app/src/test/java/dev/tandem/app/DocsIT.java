package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.images.encode.PngEncoder;
import dev.tandem.testkit.Timeouts;
import dev.tandem.testkit.client.KafkaTestClient;
import dev.tandem.testkit.process.BrokerProcess;
import dev.tandem.testkit.process.FreePort;
import dev.tandem.testkit.process.InstalledTools;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.TestRecords;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Runs every command in the {@code sh} blocks of README and docs, in a folder with the files that they name. A command
 * passes if it succeeds without a stack trace. Only ports, names of checkpoints and the size of the model are changed.
 */
class DocsIT {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern SH_BLOCK = Pattern.compile("```sh\\n(.*?)```", Pattern.DOTALL);
    private static final Duration TIMEOUT = Timeouts.HANG;
    private static final String SMALL_MODEL = " --set model.image-size=32 --set model.width=4 --set train.batch-size=4";

    /** Commands that this test skips, and why. */
    private static final Map<String, String> SKIPPED = Map.of(
            "./tandem demo", "DemoIT runs it with fewer steps",
            "mvn ", "it runs this test",
            "docker compose", "it needs a container engine; ComposeIT runs the file where there is one",
            "./tandem import", "CheckpointCommandsTest runs it with weights",
            "/usr/bin/python3 bench", "it takes half an hour and needs PyTorch",
            "bench/scaling", "it takes a quarter of an hour",
            "bench/quality", "it takes hours",
            "goldens.py", "it needs PyTorch; ParityConformance compares its results");

    @TempDir
    private static Path folder;

    private static final int HTTP_PORT = FreePort.find();
    private static BrokerProcess broker;
    private static TandemProcess run;

    @BeforeAll
    static void startRun() throws IOException {
        broker = BrokerProcess.start(folder.resolve("kafka"), FreePort.find());
        KafkaTestClient kafka = new KafkaTestClient(broker.bootstrapServers());
        writeFiles();
        kafka.produce(List.of(new ProducerRecord<>("pairs", new byte[] {1})));
        run = TandemProcess.start(("run --roles train,translate,http --set http.port=" + HTTP_PORT
                        + " --set kafka.bootstrap-servers=" + broker.bootstrapServers()
                        + " --set checkpoint.every-steps=3"
                        + " --set checkpoint.directory=" + folder.resolve("checkpoints") + SMALL_MODEL)
                .split(" "));
        kafka.produce(TestRecords.pairs("pairs", 12));
        kafka.produce(List.of(
                new ProducerRecord<>("sources", TestRecords.source()),
                new ProducerRecord<>("sources", TestRecords.source())));
        await().atMost(TIMEOUT)
                .until(() -> Files.exists(folder.resolve("checkpoints").resolve("step-0000000003")) || !run.isAlive());
        assertThat(run.isAlive()).as(run.err()).isTrue();
        kafka.consume("translations", 10);
    }

    @AfterAll
    static void stop() {
        run.close();
        broker.close();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("commands")
    void command_asDocumented_succeeds(String page, String command) throws Exception {
        assumeNotSkipped(command);
        assumeToolsInstalled(command);

        Path log = Files.createTempFile(folder, "command", ".log");
        Process process = start(command, log);
        if (runsUntilStopped(command)) {
            String started = command.contains(" broker") ? "broker ready" : "model ready";
            await().atMost(TIMEOUT).until(() -> Files.readString(log).contains(started) || !process.isAlive());
            process.destroy();
        }

        assertThat(process.waitFor(TIMEOUT.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(log))
                .isEqualTo(command.startsWith("./tandem broker") ? 143 : 0);
        assertThat(Files.readString(log)).doesNotContain("\tat ");
    }

    private static void assumeNotSkipped(String command) {
        Optional<String> reason = SKIPPED.entrySet().stream()
                .filter(skipped -> command.contains(skipped.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
        Assumptions.assumeTrue(reason.isEmpty(), () -> reason.orElse(""));
    }

    private static void assumeToolsInstalled(String command) throws IOException, InterruptedException {
        for (String tool : List.of("kcat", "curl", "python3")) {
            Assumptions.assumeTrue(
                    !command.startsWith(tool) || InstalledTools.find(tool).isPresent(), tool + " is not installed");
        }
        Assumptions.assumeTrue(
                !command.contains("pairs.py") || pythonWithKafka().isPresent(),
                "the package confluent-kafka is not installed");
    }

    private static Process start(String command, Path log) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder("bash", "-c", adapt(command))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("TANDEM_BUILD", "never");
        builder.environment().put("TANDEM_JAVA_OPTS", "-XX:TieredStopAtLevel=1 -Xmx512m");
        return builder.start();
    }

    private static boolean runsUntilStopped(String command) {
        return command.startsWith("./tandem broker") || command.startsWith("./tandem run");
    }

    /** The command with free ports, existing checkpoints, and a small model. */
    private static String adapt(String command) throws IOException, InterruptedException {
        String adapted = adaptNames(command);
        if (command.contains("pairs.py")) {
            return adapted.replaceFirst("^python3", pythonWithKafka().orElse("python3"));
        }
        if (command.startsWith("./tandem broker")) {
            return "exec " + adapted + " --port 0";
        }
        if (command.startsWith("./tandem run")) {
            return "exec " + adapted.replaceFirst(" --set model.image-size=\\d+", "") + SMALL_MODEL
                    + " --set http.port=0 --set checkpoint.directory=other --set run.group=other"
                    + " --set kafka.bootstrap-servers=" + broker.bootstrapServers();
        }
        if (command.startsWith("./tandem bench") && !command.contains("decode")) {
            return adapted + " --set model.width=4";
        }
        if (command.startsWith("./tandem doctor")) {
            // The pages run it before the run starts. Port and folder of the running run are in use.
            return adapted + " --set http.port=0 --set checkpoint.directory=doctor --set kafka.bootstrap-servers="
                    + broker.bootstrapServers();
        }
        if (command.startsWith("./tandem consume")) {
            return adapted + " --group docs-" + command.hashCode() + (command.contains("--max") ? "" : " --max 1");
        }
        return adapted;
    }

    private static String adaptNames(String command) {
        return command.replace("localhost:9092", broker.bootstrapServers())
                .replace("localhost:8080", "localhost:" + HTTP_PORT)
                .replace("step-0000000200", "step-0000000003")
                .replace("app/target/", ROOT.resolve("app/target") + "/")
                .replace("docs/clients", ROOT.resolve("docs/clients").toString())
                .replaceFirst(
                        "bench (step|generate|decode|stream)( --size \\d+)?",
                        "bench $1 --size 32 --runs 1 --warm-up 1");
    }

    static Stream<Arguments> commands() throws IOException {
        List<Arguments> commands = new ArrayList<>();
        try (Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            List<Path> pages = Stream.concat(Stream.of(ROOT.resolve("README.md")), docs)
                    .filter(page -> page.toString().endsWith(".md"))
                    .sorted()
                    .toList();
            for (Path page : pages) {
                commands.addAll(commandsOf(page));
            }
        }
        return commands.stream();
    }

    private static List<Arguments> commandsOf(Path page) throws IOException {
        List<Arguments> commands = new ArrayList<>();
        Matcher blocks = SH_BLOCK.matcher(Files.readString(page));
        while (blocks.find()) {
            blocks.group(1)
                    .lines()
                    .map(line -> line.replaceFirst("\\s+#.*", "").strip())
                    .filter(Predicate.not(String::isBlank))
                    .forEach(line ->
                            commands.add(Arguments.of(ROOT.relativize(page).toString(), line)));
        }
        return commands;
    }

    /** Writes the files that the commands name. */
    private static void writeFiles() throws IOException {
        Files.createSymbolicLink(folder.resolve("tandem"), ROOT.resolve("tandem"));
        byte[] pair = TestRecords.pair(0);
        BufferedImage joined = ImageIO.read(new ByteArrayInputStream(pair));
        int side = joined.getHeight();
        byte[] a = PngEncoder.encode(joined.getSubimage(0, 0, side, side));
        byte[] b = PngEncoder.encode(joined.getSubimage(side, 0, side, side));
        for (String name : List.of("drawing.png", "drawings/x.png")) {
            write(name, a);
        }
        for (String name : List.of("painting.png", "photos/x.png")) {
            write(name, b);
        }
        for (String name : List.of(
                "pair.png",
                "facades/train/1.png",
                "facades/val/4.png",
                "edges2shoes/val/2.png",
                "edges2shoes/train/3.png")) {
            write(name, pair);
        }
        write("facades/val/5.png", TestRecords.pair(4));
    }

    private static void write(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    /** A Python interpreter with the package that {@code docs/clients/pairs.py} needs. */
    private static Optional<String> pythonWithKafka() throws IOException, InterruptedException {
        for (String python : List.of("python3", "/usr/bin/python3")) {
            boolean imports = InstalledTools.find("python3").isPresent()
                    && new ProcessBuilder("bash", "-c", python + " -c 'import confluent_kafka' 2>/dev/null")
                                    .start()
                                    .waitFor()
                            == 0;
            if (imports) {
                return Optional.of(python);
            }
        }
        return Optional.empty();
    }
}
