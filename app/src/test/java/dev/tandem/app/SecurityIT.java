package dev.tandem.app;

import static dev.tandem.testkit.stream.TestRecords.pairs;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.testkit.Timeouts;
import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.client.KafkaTestClient;
import dev.tandem.testkit.process.BrokerProcess;
import dev.tandem.testkit.process.FreePort;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.TestRecords;
import dev.tandem.testkit.stream.TestRuns;
import java.io.IOException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run against a broker with TLS and SCRAM. No output, file or endpoint may contain a secret. */
class SecurityIT {
    private static final String PASSWORD = "correct-horse-battery";
    private static final String STORE_PASSWORD = "staple-staple";

    /** The test itself uses a port without security. */
    private final int plainPort = FreePort.find();

    private final int securePort = FreePort.find();

    @TempDir
    private Path folder;

    private BrokerProcess broker;
    private KafkaTestClient kafka;

    @BeforeEach
    void startSecureBroker() throws Exception {
        createKeyStore();
        broker = BrokerProcess.start(folder.resolve("broker"), plainPort, brokerOptions());
        kafka = new KafkaTestClient(broker.bootstrapServers());
        kafka.admin().createScramUser("tandem", PASSWORD);
    }

    private void createKeyStore() throws IOException, InterruptedException {
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-keystore",
                        keyStore().toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        STORE_PASSWORD,
                        "-genkeypair",
                        "-keyalg",
                        "RSA",
                        "-alias",
                        "broker",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=IP:127.0.0.1")
                .inheritIO()
                .start();
        assertThat(keytool.waitFor()).isZero();
        assertThat(keyStore()).exists();
    }

    private Path keyStore() {
        return folder.resolve("broker.p12");
    }

    private String[] brokerOptions() {
        String clients = "PLAINTEXT://127.0.0.1:" + plainPort + ",SECURE://127.0.0.1:" + securePort;
        int controllerPort = FreePort.find();
        String secure = "listener.name.secure.";
        return Stream.of(
                        "listeners=" + clients + ",CONTROLLER://127.0.0.1:" + controllerPort,
                        "controller.quorum.voters=1@127.0.0.1:" + controllerPort,
                        "advertised.listeners=" + clients,
                        "listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL",
                        "sasl.enabled.mechanisms=SCRAM-SHA-256",
                        secure + "scram-sha-256.sasl.jaas.config="
                                + "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                        secure + "ssl.keystore.location=" + keyStore(),
                        secure + "ssl.keystore.password=" + STORE_PASSWORD)
                .flatMap(property -> Stream.of("--property", property))
                .toArray(String[]::new);
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    @Test
    void run_tlsAndScram_trainsTranslatesAndRevealsNoSecret() throws IOException {
        kafka.produce(pairs("secure-pairs", 8));
        HttpTestClient http = HttpTestClient.onFreePort();
        try (TandemProcess run = start("secure", PASSWORD, http)) {
            http.awaitReady(run);
            await().atMost(Timeouts.HANG).until(() -> http.metric("tandem_training_pairs") == 8);
            kafka.produce(List.of(new ProducerRecord<>("secure-sources", TestRecords.source())));
            assertThat(kafka.consume("secure-translations", 5)).hasSize(5);
            assertThat(http.body("/config"))
                    .contains("\"kafka.sasl.jaas.config\":\"(hidden)\"", "\"kafka.security.protocol\":\"SASL_SSL\"")
                    .doesNotContain(PASSWORD, STORE_PASSWORD);
            assertThat(http.body("/metrics")).doesNotContain(PASSWORD, STORE_PASSWORD);
            assertListensOnlyOnLoopback(http.port());
            run.terminate();
            run.assertSuccess();
            assertThat(run.err() + run.out()).doesNotContain(PASSWORD, STORE_PASSWORD);
        }
        assertNoSecretIn(folder.resolve("secure"));
    }

    private static void assertNoSecretIn(Path checkpoints) throws IOException {
        try (Stream<Path> files = Files.walk(checkpoints)) {
            for (Path file : files.filter(path -> path.toString().matches(".*\\.(json|jsonl)"))
                    .toList()) {
                assertThat(file).content().doesNotContain(PASSWORD, STORE_PASSWORD, "jaas");
            }
        }
    }

    @Test
    void run_wrongPassword_failsInOneLineWithoutThePassword() throws IOException {
        try (TandemProcess run = start("wrong", "wrong-" + PASSWORD, HttpTestClient.onFreePort())) {
            assertThat(run.exitCode()).isEqualTo(1);
            assertThat(run.err())
                    .contains("tandem: Kafka at 127.0.0.1:" + securePort + " refuses: ")
                    .doesNotContain(PASSWORD)
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void run_misspeltClientSetting_suggestsTheNearest() {
        TestRuns runs = new TestRuns(broker.bootstrapServers(), folder);
        try (TandemProcess run = runs.run("misspelt")
                .stopAfterPairs(0)
                .set("kafka.securty.protocol=SSL")
                .start()) {
            run.assertSuccess();
            assertThat(run.err())
                    .contains("kafka.securty.protocol is not a setting")
                    .contains("kafka.security.protocol");
        }
    }

    /** Starts a run whose secrets are in a settings file that only the user can read. */
    private TandemProcess start(String name, String password, HttpTestClient http) throws IOException {
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
                """.formatted(password, keyStore(), STORE_PASSWORD));
        return new TestRuns("127.0.0.1:" + securePort, folder)
                .runWithHttp(name, http.port())
                .with("--config", settings.toString())
                .start();
    }

    /** On a machine without another address this only checks that the loopback address answers. */
    private static void assertListensOnlyOnLoopback(int port) throws SocketException {
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
}
