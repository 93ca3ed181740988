package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.process.InstalledTools;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.TestRecords;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.remote.http.ClientConfig;

/** The dashboard in headless Chromium, used as a person would. Screenshots are in {@code target/dashboard}. */
class DashboardIT extends BrokerTest {
    private static final Path SCREENSHOTS = Path.of("target", "dashboard");

    private final HttpTestClient http = HttpTestClient.onFreePort();
    private Optional<TandemProcess> startedRun = Optional.empty();
    private Optional<ChromeDriver> startedBrowser = Optional.empty();
    private ChromeDriver browser;

    @BeforeEach
    void openPage() throws IOException {
        Optional<Path> chromium = InstalledTools.find("chromium", "google-chrome");
        Optional<Path> driver = InstalledTools.find("chromedriver");
        Assumptions.assumeTrue(
                chromium.isPresent() && driver.isPresent(),
                "chromium and chromedriver are not installed; HttpApiIT tests the API without them");
        Files.createDirectories(SCREENSHOTS);
        kafka.produce(List.of(new ProducerRecord<>("page-pairs", new byte[] {1})));
        TandemProcess run = runs.runWithHttp("page", http.port())
                .set("http.probe-every=5", "health.probe-every=5")
                .start();
        startedRun = Optional.of(run);
        http.awaitReady(run);
        browser = startBrowser(chromium.get(), driver.get());
        startedBrowser = Optional.of(browser);
        browser.get(http.uri("/").toString());
    }

    @AfterEach
    void close() {
        startedBrowser.ifPresent(ChromeDriver::quit);
        startedRun.ifPresent(TandemProcess::close);
    }

    @Test
    void page_duringTraining_showsItTranslatesAndSwitchesCheckpointsWithoutAnError() throws IOException {
        showTraining();
        showEarlierProbes();
        drawInput();
        translateWithRandomLatents();
        translateWithGivenLatent();
        translateWithStyle();
        pinAndSwitchCheckpoints();
        takeScreenshot("light", false, 1280, 2400);
        takeScreenshot("dark", true, 1280, 2400);
        takeScreenshot("phone", false, 390, 3600);
        assertThat((Boolean) script("return document.documentElement.scrollWidth <= innerWidth"))
                .as("the page fits the width of a phone")
                .isTrue();
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                        .filter(entry -> entry.getLevel().equals(Level.SEVERE))
                        .map(LogEntry::getMessage))
                .as("errors in the browser's console")
                .isEmpty();
    }

    private void showTraining() {
        trainUpTo(40);
        awaitText("state-text", "ready");
        await().atMost(TIMEOUT)
                .until(() ->
                        browser.findElements(By.cssSelector(".chart canvas")).size() == 5);
        await().atMost(TIMEOUT).until(() -> plottedPoints() > 1);
        long before = plottedPoints();
        trainUpTo(80);
        await().atMost(TIMEOUT).alias("the curves grow").until(() -> plottedPoints() > before);
        awaitText("tiles", "80");
        awaitText("tiles", "model memory, limit");
        awaitText("dead-letters", "page-pairs-0-0");
    }

    private void showEarlierProbes() {
        await().atMost(TIMEOUT).until(() -> (Long) script("return +document.getElementById('probe-step').max") >= 2);
        String newest = browser.findElement(By.id("probe-text")).getText();
        script("const s = document.getElementById('probe-step'); s.value = 0; s.dispatchEvent(new Event('input'))");
        awaitText("probe-text", "step 1");
        assertThat(newest).isNotEqualTo("step 1");
        await().atMost(TIMEOUT).until(() -> (Boolean)
                script("const i = document.getElementById('probe-sheet'); return i.complete && i.naturalWidth > 0"));
        script("const s = document.getElementById('probe-step'); s.value = s.max; s.dispatchEvent(new Event('input'))");
    }

    private void drawInput() {
        WebElement canvas = browser.findElement(By.id("drawing"));
        new Actions(browser)
                .moveToElement(canvas, -60, -60)
                .clickAndHold()
                .moveByOffset(120, 0)
                .moveByOffset(0, 120)
                .moveByOffset(-120, 0)
                .moveByOffset(0, -120)
                .release()
                .perform();
        awaitText("input-text", "Your drawing.");
    }

    private void translateWithRandomLatents() {
        browser.findElement(By.id("go")).click();
        await().atMost(TIMEOUT).until(() -> results() == 6);
        awaitText("translate-text", "6 translations in ");
        assertThat((Boolean) script(
                        "return [...document.querySelectorAll('#results img')].every(i => i.naturalWidth === 32)"))
                .isTrue();
    }

    private void translateWithGivenLatent() {
        browser.findElement(By.cssSelector("input[value=manual]")).click();
        assertThat(browser.findElements(By.cssSelector("#latent-manual input"))).hasSize(8);
        script(
                "const z = document.querySelector('#latent-manual input'); z.value = 2; z.dispatchEvent(new Event('input'))");
        await().atMost(TIMEOUT).until(() -> results() == 1);
        awaitText("results", "2.0 0.0 0.0");
    }

    private void translateWithStyle() throws IOException {
        browser.findElement(By.cssSelector("input[value=style]")).click();
        browser.findElement(By.id("go")).click();
        awaitText("translate-text", "choose an image");
        Path style = Files.write(folder.resolve("style.png"), TestRecords.source());
        browser.findElement(By.id("style")).sendKeys(style.toAbsolutePath().toString());
        browser.findElement(By.id("upload")).sendKeys(style.toAbsolutePath().toString());
        awaitText("input-text", "style.png, 32×32");
        browser.findElement(By.id("go")).click();
        awaitText("translate-text", "1 translation in ");
        browser.findElement(By.cssSelector("input[value=random]")).click();
        browser.findElement(By.id("go")).click();
        await().atMost(TIMEOUT).until(() -> results() == 6);
    }

    private void pinAndSwitchCheckpoints() {
        By rows = By.cssSelector("#checkpoints tbody tr");
        await().atMost(TIMEOUT).until(() -> browser.findElements(rows).size() >= 2);
        press(1, "pin");
        await().atMost(TIMEOUT).until(() -> row(1).contains("unpin"));
        String name = row(1).split(" ")[0];
        press(1, "serve");
        awaitText("model-text", "serving: " + name);
        press(0, "serve");
        awaitText("model-text", "serving: live model");
    }

    /** Finds and clicks the button in one script, because every new checkpoint rebuilds the table. */
    private void press(int row, String label) {
        String code = """
                const row = document.querySelectorAll('#checkpoints tbody tr')[%d];
                const button = [...(row?.querySelectorAll('button') ?? [])].find(b => b.textContent === '%s');
                button?.click();
                return button !== undefined;""".formatted(row, label);
        await().atMost(TIMEOUT).alias("button " + label).until(() -> (Boolean) script(code));
    }

    private String row(int row) {
        return (String) script("return document.querySelectorAll('#checkpoints tbody tr')[" + row + "].innerText"
                + ".replaceAll(/\\s+/g, ' ')");
    }

    private void trainUpTo(int total) {
        int present = (int) http.metric("tandem_training_pairs");
        kafka.produce(TestRecords.pairs("page-pairs", total - present));
        await().atMost(TIMEOUT).until(() -> http.metric("tandem_training_pairs") >= total);
    }

    /** Points of the first chart, or 0 if its canvas has no pixels in the colour of its first curve. */
    private long plottedPoints() {
        return (Long) script("""
                const chart = document.querySelector('.chart');
                const canvas = chart.querySelector('canvas');
                const pixels = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
                let blue = 0;
                for (let i = 0; i < pixels.length; i += 4) {
                  blue += pixels[i + 3] > 128 && pixels[i + 2] > pixels[i] + 60 ? 1 : 0;
                }
                return blue > 20 ? Number(chart.dataset.points) : 0;""");
    }

    private int results() {
        return browser.findElements(By.cssSelector("#results img")).size();
    }

    private void awaitText(String id, String text) {
        await().atMost(TIMEOUT)
                .alias(id + " says " + text)
                .until(() -> browser.findElement(By.id(id)).getText().contains(text));
    }

    private Object script(String code) {
        return ((JavascriptExecutor) browser).executeScript(code);
    }

    private void takeScreenshot(String name, boolean dark, int width, int height) throws IOException {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        await().atMost(TIMEOUT).until(() -> (Long) script("return innerWidth") == width);
        await().atMost(TIMEOUT)
                .until(
                        () -> (Boolean)
                                script(
                                        "return [...document.querySelectorAll('.uplot')].every(p => p.offsetWidth <= p.parentElement.clientWidth + 1)"));
        Files.write(SCREENSHOTS.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    static ChromeDriver startBrowser(Path chromium, Path driver) {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(chromium.toFile());
        options.addArguments("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage");
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        options.setCapability("goog:loggingPrefs", logs);
        ChromeDriver started = new ChromeDriver(
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.toFile())
                        .usingAnyFreePort()
                        .withTimeout(TIMEOUT)
                        .build(),
                options,
                ClientConfig.defaultConfig().readTimeout(TIMEOUT));
        started.manage().timeouts().scriptTimeout(TIMEOUT).pageLoadTimeout(TIMEOUT);
        started.manage().window().setSize(new Dimension(1280, 1600));
        return started;
    }
}
