package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.process.InstalledTools;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Cookie;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;

/** The dashboard of a run with a token, in headless Chromium. Screenshots are in {@code target/dashboard}. */
class LoginIT extends BrokerTest {
    private static final Path SCREENSHOTS = Path.of("target", "dashboard");
    private static final String TOKEN = "correct-horse-battery-staple";

    private final HttpTestClient http = HttpTestClient.onFreePort();

    @Test
    void dashboard_runWithAToken_asksForItAndThenShowsTheRun() throws IOException {
        Optional<Path> chromium = InstalledTools.find("chromium", "google-chrome");
        Optional<Path> driver = InstalledTools.find("chromedriver");
        Assumptions.assumeTrue(
                chromium.isPresent() && driver.isPresent(),
                "chromium and chromedriver are not installed; HttpAccessTest tests the login without them");
        Files.createDirectories(SCREENSHOTS);
        Path token = Files.createFile(
                folder.resolve("token"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, TOKEN);
        try (TandemProcess run = runs.runWithHttp("login", http.port())
                .set("http.token-file=" + token)
                .start()) {
            http.awaitReady(run);
            ChromeDriver browser = DashboardIT.startBrowser(chromium.get(), driver.get());
            try {
                logIn(browser);
                loseSession(browser);
            } finally {
                browser.quit();
            }
        }
    }

    private void logIn(ChromeDriver browser) throws IOException {
        browser.get(http.uri("/").toString());
        awaitPath(browser, "/login");
        assertThat(browser.findElement(By.id("failed")).isDisplayed()).isFalse();
        send(browser, "another-horse-battery");
        awaitDisplayed(browser, "failed");
        takeScreenshot(browser, "login", 1280, 800);
        takeScreenshot(browser, "login-phone", 390, 800);
        send(browser, TOKEN);
        awaitPath(browser, "/");
        awaitText(browser, "state-text", "ready");
        awaitText(browser, "model-text", "live model");
        assertThat((String) browser.executeScript("return document.cookie")).isEmpty();
        Cookie session = browser.manage().getCookieNamed("tandem-session-" + http.port());
        assertThat(session.isHttpOnly()).isTrue();
        assertThat(session.getSameSite()).isEqualTo("Strict");
    }

    /** As after a restart of the run: the open page notices it and asks again. */
    private static void loseSession(ChromeDriver browser) {
        browser.manage().deleteAllCookies();
        browser.executeScript("import('/assets/api.js').then((api) => api.getJson('/v1/model'))");
        awaitPath(browser, "/login");
    }

    private static void send(ChromeDriver browser, String token) {
        browser.findElement(By.id("token")).sendKeys(token);
        browser.findElement(By.cssSelector("button[type=submit]")).click();
    }

    private static void awaitDisplayed(ChromeDriver browser, String id) {
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .until(() -> browser.findElement(By.id(id)).isDisplayed());
    }

    private static void awaitText(ChromeDriver browser, String id, String text) {
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .until(() -> browser.findElement(By.id(id)).getText().contains(text));
    }

    private static void awaitPath(ChromeDriver browser, String path) {
        await().atMost(TIMEOUT)
                .ignoreExceptions()
                .until(() -> browser.executeScript("return location.pathname").equals(path));
    }

    private static void takeScreenshot(ChromeDriver browser, String name, int width, int height) throws IOException {
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        await().atMost(TIMEOUT)
                .until(() -> browser.executeScript("return innerWidth").equals((long) width));
        assertThat((Boolean) browser.executeScript("return document.documentElement.scrollWidth <= innerWidth"))
                .as("the page fits the width " + List.of(width, height))
                .isTrue();
        Files.write(SCREENSHOTS.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }
}
