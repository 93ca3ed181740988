package dev.tandem.app;

import static dev.tandem.testkit.Runs.pairs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.testkit.BrokerProcess;
import dev.tandem.testkit.HttpGet;
import dev.tandem.testkit.Runs;
import dev.tandem.testkit.TandemProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that speaks TLS and asks for a name and a password; and what a run gives away. */
class SecurityIT {
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final String PASSWORD = "correct-horse-battery";
    private static final String STORE_PASSWORD = "staple-staple";

    private final int plainPort = BrokerProcess.freePort();
    private final int securePort = BrokerProcess.freePort();

    @TempDir
    private Path folder;

    private BrokerProcess broker;

    @BeforeEach
    void startSecureBroker() throws Exception {
        Path store = folder.resolve("broker.p12");
        keytool(
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-alias",
                "broker",
                "-dname",
                "CN=localhost",
                "-ext",
                "SAN=IP:127.0.0.1");
        assertThat(store).exists();
        int controllerPort = BrokerProcess.freePort();
        String secure = "listener.name.secure.";
        broker = BrokerProcess.start(
                folder.resolve("broker"),
                plainPort,
                properties(
                        "listeners=PLAINTEXT://127.0.0.1:" + plainPort + ",SECURE://127.0.0.1:" + securePort
                                + ",CONTROLLER://127.0.0.1:" + controllerPort,
                        "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                        "advertised.listeners=PLAINTEXT://127.0.0.1:" + plainPort + ",SECURE://127.0.0.1:" + securePort,
                        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL",
                        "sasl.enabled.mechanisms=SCRAM-SHA-256",
                        secure + "scram-sha-256.sasl.jaas.config="
                                + "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                        secure + "ssl.keystore.location=" + store,
                        secure + "ssl.keystore.password=" + STORE_PASSWORD));
        broker.createScramUser("tandem", PASSWORD);
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    @Test
    void run_overTlsWithScram_learnsAndGivesNoSecretAway() throws IOException {
        broker.produce(pairs("secure-pairs", 8));
        HttpGet http = new HttpGet(BrokerProcess.freePort());
        try (TandemProcess run = run("secure", PASSWORD, http)) {
            await().atMost(PATIENCE).until(() -> http.status("/health/ready") == 200 || !run.isAlive());
            assertThat(run.isAlive()).as(run.err()).isTrue();
            await().atMost(PATIENCE).until(() -> http.metric("tandem_training_pairs") == 8);
            broker.produce(List.of(new ProducerRecord<>("secure-sources", Runs.source())));
            assertThat(broker.consume("secure-translations", 5)).hasSize(5);
            assertThat(http.body("/config"))
                    .contains("\"kafka.sasl.jaas.config\":\"(hidden)\"", "\"kafka.security.protocol\":\"SASL_SSL\"")
                    .doesNotContain(PASSWORD, STORE_PASSWORD);
            assertThat(http.body("/metrics")).doesNotContain(PASSWORD, STORE_PASSWORD);
            onlyOnLoopback(http.port());
            run.terminate();
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.err() + run.out()).doesNotContain(PASSWORD, STORE_PASSWORD);
        }
        try (Stream<Path> files = Files.walk(folder.resolve("secure"))) {
            for (Path file : files.filter(path -> path.toString().matches(".*\\.(json|jsonl)"))
                    .toList()) {
                assertThat(file).content().doesNotContain(PASSWORD, STORE_PASSWORD, "jaas");
            }
        }
    }

    @Test
    void run_withTheWrongPassword_failsInOneLineWithoutIt() throws IOException {
        try (TandemProcess run = run("wrong", "wrong-" + PASSWORD, new HttpGet(BrokerProcess.freePort()))) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("tandem: Kafka at 127.0.0.1:" + securePort + " refuses: ")
                    .doesNotContain(PASSWORD)
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void run_misspeltClientSetting_namesTheNearest() {
        Runs runs = new Runs(broker, folder);
        try (TandemProcess run =
                runs.start("misspelt", "--stop-after-pairs", "0", "--set", "kafka.securty.protocol=SSL")) {
            assertThat(run.exitCode()).as(run.err()).isZero();
            assertThat(run.err())
                    .contains("kafka.securty.protocol is not a setting")
                    .contains("kafka.security.protocol");
        }
    }

    private TandemProcess run(String name, String password, HttpGet http) throws IOException {
        Path settings = folder.resolve(name + ".conf");
        Files.createFile(settings, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(settings, """
                tandem.kafka {
                  security.protocol = SASL_SSL
                  sasl.mechanism = SCRAM-SHA-256
                  sasl.jaas.config = "org.apache.kafka.common.security.scram.ScramLoginModule required username=tandem password=\\"%s\\";"
                  ssl.truststore.location = "%s"
                  ssl.truststore.password = "%s"
                }
                """.formatted(password, folder.resolve("broker.p12"), STORE_PASSWORD));
        List<String> arguments = new ArrayList<>(new Runs(broker, folder)
                .arguments(name, List.of("--config", settings.toString(), "--set", "http.port=" + http.port())));
        arguments.replaceAll(each -> each.equals("kafka.bootstrap-servers=" + broker.bootstrapServers())
                ? "kafka.bootstrap-servers=127.0.0.1:" + securePort
                : each);
        return TandemProcess.start(arguments);
    }

    /** Where a machine has no other address, there is nothing to see but that it answers here. */
    private static void onlyOnLoopback(int port) throws SocketException {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .toList();
        for (InetAddress address : others) {
            assertThat(isOpen(address, port)).as("http at " + address).isFalse();
        }
        assertThat(isOpen(InetAddress.getLoopbackAddress(), port)).isTrue();
    }

    private static boolean isOpen(InetAddress address, int port) {
        try (Socket socket = new Socket(address, port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }

    private void keytool(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-keystore",
                folder.resolve("broker.p12").toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                STORE_PASSWORD));
        command.addAll(List.of(arguments));
        assertThat(new ProcessBuilder(command).inheritIO().start().waitFor()).isZero();
    }

    private static String[] properties(String... properties) {
        return Stream.of(properties)
                .flatMap(property -> Stream.of("--property", property))
                .toArray(String[]::new);
    }
}
