package dev.tandem.serving.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.HttpSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.TestSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The token, the login of browsers, and HTTPS. */
class HttpAccessTest {
    private static final String TOKEN = "correct-horse-battery-staple";
    private static final String AUTHORIZATION = "Authorization";

    @TempDir
    private Path folder;

    private Path tokenFile;

    @BeforeEach
    void writeToken() throws IOException {
        tokenFile = secretFile("token", TOKEN + "\n");
    }

    @Test
    void requests_withoutTheToken_areRefusedExceptHealthAndLogin() throws Exception {
        try (TestServer server = startWithToken()) {
            for (String path : List.of(
                    "/v1/model", "/v1/events", "/v1/dead-letters", "/config", "/metrics", "/openapi.json", "/x")) {
                HttpResponse<String> refused = server.get(path);
                assertThat(refused.statusCode()).as(path).isEqualTo(401);
                assertThat(refused.headers().firstValue("WWW-Authenticate")).hasValue("Bearer realm=\"tandem\"");
                assertThat(refused.body()).contains("http.token-file").doesNotContain(TOKEN);
            }
            assertThat(server.send(HttpRequest.newBuilder(server.uri("/v1/translations"))
                                    .POST(BodyPublishers.ofByteArray(new byte[100_000])))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(server.send(HttpRequest.newBuilder(server.managementUri("/metrics")))
                            .statusCode())
                    .isEqualTo(401);
            assertThat(server.send(HttpRequest.newBuilder(server.managementUri("/health/live")))
                            .statusCode())
                    .isEqualTo(200);
            assertThat(server.get("/health/live").statusCode()).isEqualTo(200);
            assertThat(server.get("/assets/style.css").statusCode()).isEqualTo(200);
            assertThat(server.get("/").headers().firstValue("Location")).hasValue("/login");
            assertThat(server.metric("tandem_http_unauthorized_total")).isEqualTo(9);
        }
    }

    @Test
    void requests_withTheToken_areServed() throws Exception {
        try (TestServer server = startWithToken()) {
            assertThat(server.get("/config", AUTHORIZATION, "Bearer " + TOKEN).statusCode())
                    .isEqualTo(200);
            assertThat(server.get("/config", AUTHORIZATION, "bearer  " + TOKEN).statusCode())
                    .isEqualTo(200);
            assertThat(server.send(HttpRequest.newBuilder(server.managementUri("/metrics"))
                                    .header(AUTHORIZATION, "Bearer " + TOKEN))
                            .statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Bearer correct-horse-battery-stapl",
                "Bearer correct-horse-battery-staple1",
                "Bearer Correct-horse-battery-staple",
                "Bearer ",
                "Bearer",
                "Basic correct-horse-battery-staple",
                "correct-horse-battery-staple",
                "Bearer correct-horse-battery-staple, Bearer x"
            })
    void requests_withAnotherToken_areRefused(String authorization) throws Exception {
        try (TestServer server = startWithToken()) {
            assertThat(server.get("/config", AUTHORIZATION, authorization).statusCode())
                    .isEqualTo(401);
        }
    }

    @Test
    void login_withTheToken_givesABrowserACookieThatScriptsAndOtherSitesCannotUse() throws Exception {
        try (TestServer server = startWithToken()) {
            HttpResponse<String> answer = logIn(server, TOKEN, "http://127.0.0.1:" + server.ports.port());
            String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();

            assertThat(answer.statusCode()).isEqualTo(303);
            assertThat(answer.headers().firstValue("Location")).hasValue("/");
            assertThat(cookie)
                    .contains("; HttpOnly", "; SameSite=Strict", "; Path=/")
                    .doesNotContain(TOKEN);
            String session = cookie.replaceFirst(";.*", "");
            assertThat(server.get("/config", "Cookie", "a=b; " + session).statusCode())
                    .isEqualTo(200);
            assertThat(server.get("/config", "Cookie", session + "x").statusCode())
                    .isEqualTo(401);
            assertThat(server.get("/config", "Cookie", session.replaceFirst("=.*", "="))
                            .statusCode())
                    .isEqualTo(401);
            HttpResponse<String> foreign = server.send(HttpRequest.newBuilder(server.uri("/v1/serving"))
                    .headers("Cookie", session, "Origin", "http://elsewhere.example")
                    .PUT(BodyPublishers.ofString("{}")));
            assertThat(foreign.statusCode()).isEqualTo(403);
        }
    }

    @Test
    void login_withAnotherTokenOrFromAnotherSite_givesNoCookie() throws Exception {
        try (TestServer server = startWithToken()) {
            HttpResponse<String> wrong =
                    logIn(server, "another-horse-battery", "http://127.0.0.1:" + server.ports.port());
            HttpResponse<String> foreign = logIn(server, TOKEN, "http://elsewhere.example");

            assertThat(wrong.headers().firstValue("Location")).hasValue("/login#failed");
            assertThat(wrong.headers().firstValue("Set-Cookie")).isEmpty();
            assertThat(foreign.statusCode()).isEqualTo(403);
            assertThat(foreign.headers().firstValue("Set-Cookie")).isEmpty();
            HttpResponse<String> page = server.get("/login");
            assertThat(page.body()).contains("id=\"token\"");
            // With no-referrer, browsers send forms with Origin: null, which is refused.
            assertThat(page.headers().firstValue("Referrer-Policy")).hasValue("same-origin");
        }
        try (TestServer open = TestServer.start(folder)) {
            assertThat(open.get("/login").statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> logIn(TestServer server, String token, String origin) throws Exception {
        return server.send(HttpRequest.newBuilder(server.uri("/login"))
                .headers("Content-Type", "application/x-www-form-urlencoded", "Origin", origin)
                .POST(BodyPublishers.ofString("token=" + token)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::"})
    void check_addressBeyondLoopbackWithoutToken_isRefusedUnlessAllowed(String host) {
        assertThatThrownBy(() -> HttpServer.check(settings("http.host=" + host)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("http.host is " + host)
                .hasMessageContaining("http.token-file")
                .hasMessageContaining("http.allow-anonymous=true");
        HttpServer.check(settings("http.host=" + host, "http.allow-anonymous=true"));
        HttpServer.check(settings("http.host=" + host, "http.token-file=" + tokenFile));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "localhost", "::1", "127.0.0.2"})
    void check_loopbackAddressWithoutToken_isAllowed(String host) {
        HttpServer.check(settings("http.host=" + host));
    }

    @Test
    void check_tokenFileThatCannotBeUsed_isRefusedInOneLine() throws IOException {
        Path readable = secretFile("readable", TOKEN);
        Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rw-r--r--"));

        assertRefused("http.token-file=" + readable, "other users can read or change " + readable);
        assertRefused("http.token-file=" + folder.resolve("none"), "there is no file");
        assertRefused("http.token-file=" + folder, "there is no file");
        assertRefused("http.token-file=" + secretFile("empty", " \n"), "is empty");
        assertRefused("http.token-file=" + secretFile("short", "0123456789abcde"), "16 to 512 letters");
        assertRefused("http.token-file=" + secretFile("lines", TOKEN + "\n" + TOKEN), "16 to 512 letters");
        assertRefused("http.token-file=" + secretFile("large", "x".repeat(5000)), "more than 4096 bytes");
    }

    @Test
    void tls_keystore_servesHttpsAtBothPorts() throws Exception {
        Path keystore = keystore();
        Path password = secretFile("password", "changeit");
        HttpClient client =
                HttpClient.newBuilder().sslContext(trusting(keystore)).build();
        try (TestServer server = TestServer.start(
                folder,
                "http.tls.keystore=" + keystore,
                "http.tls.password-file=" + password,
                "http.token-file=" + tokenFile)) {
            for (int port : List.of(server.ports.port(), server.ports.managementPort())) {
                HttpRequest.Builder request = HttpRequest.newBuilder()
                        .uri(URI.create("https://127.0.0.1:" + port + "/metrics"))
                        .header(AUTHORIZATION, "Bearer " + TOKEN);
                assertThat(client.send(request.build(), BodyHandlers.ofString()).statusCode())
                        .isEqualTo(200);
            }
            assertThat(server.ports.url()).isEqualTo("https://localhost:" + server.ports.port());
        }
    }

    @Test
    void check_keystoreThatCannotBeOpened_isRefusedInOneLine() throws Exception {
        Path keystore = keystore();
        Path wrong = secretFile("wrong", "not-the-password");

        assertRefused("http.tls.keystore=" + keystore, "needs both http.tls.keystore and http.tls.password-file");
        assertRefused("http.tls.password-file=" + wrong, "needs both http.tls.keystore and http.tls.password-file");
        assertThatThrownBy(() ->
                        HttpServer.check(settings("http.tls.keystore=" + keystore, "http.tls.password-file=" + wrong)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("cannot open " + keystore)
                .hasMessageNotContaining("not-the-password");
        assertThatThrownBy(() ->
                        HttpServer.check(settings("http.tls.keystore=" + tokenFile, "http.tls.password-file=" + wrong)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("cannot open");
    }

    private TestServer startWithToken() {
        return TestServer.start(folder, "http.token-file=" + tokenFile);
    }

    private static void assertRefused(String assignment, String message) {
        assertThatThrownBy(() -> HttpServer.check(settings(assignment)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }

    private static HttpSettings settings(String... assignments) {
        return TestSettings.tiny(assignments).http();
    }

    private Path secretFile(String name, String content) throws IOException {
        Path file = Files.createFile(
                folder.resolve(name),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, content);
    }

    private Path keystore() throws IOException, InterruptedException {
        Path keystore = folder.resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        Process process = new ProcessBuilder(
                        keytool,
                        "-genkeypair",
                        "-keystore",
                        keystore.toString(),
                        "-storepass",
                        "changeit",
                        "-keyalg",
                        "RSA",
                        "-dname",
                        "CN=localhost",
                        "-ext",
                        "SAN=IP:127.0.0.1")
                .inheritIO()
                .start();
        assertThat(process.waitFor()).isZero();
        return keystore;
    }

    private static SSLContext trusting(Path keystore) throws Exception {
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(KeyStore.getInstance(keystore.toFile(), "changeit".toCharArray()));
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
