package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.testkit.BrokerProcess;
import dev.tandem.testkit.HttpGet;
import dev.tandem.testkit.Runs;
import dev.tandem.testkit.TandemProcess;
import dev.tandem.testkit.Tools;
import dev.tandem.testkit.WithBroker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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

/** The dashboard in a browser without a screen, as somebody uses it. Leaves pictures of it in {@code target/dashboard}. */
class DashboardIT extends WithBroker {
    private static final Path SHOTS = Path.of("target", "dashboard");

    private final int port = BrokerProcess.freePort();
    private final HttpGet http = new HttpGet(port);
    private Optional<ChromeDriver> opened = Optional.empty();
    private TandemProcess run;
    private ChromeDriver browser;

    @BeforeEach
    void openPage() throws IOException {
        Optional<Path> chromium = Tools.find("chromium", "google-chrome");
        Optional<Path> driver = Tools.find("chromedriver");
        Assumptions.assumeTrue(
                chromium.isPresent() && driver.isPresent(),
                "chromium and chromedriver are not installed; the API behind the page is tested always");
        Files.createDirectories(SHOTS);
        broker.produce(List.of(new ProducerRecord<>("page-pairs", new byte[] {1})));
        run = TandemProcess.start(runs.arguments(
                "page",
                List.of("--set", "http.port=" + port, "--set", "http.probe-every=5", "--set", "health.probe-every=5")));
        await().atMost(PATIENCE).until(() -> http.status("/health/ready") == 200 || !run.isAlive());
        assertThat(run.isAlive()).as(run.err()).isTrue();
        browser = start(chromium.get(), driver.get());
        opened = Optional.of(browser);
        browser.get("http://127.0.0.1:" + port + "/");
    }

    @AfterEach
    void close() {
        opened.ifPresent(ChromeDriver::quit);
        Optional.ofNullable(run).ifPresent(TandemProcess::close);
    }

    @Test
    void page_whileARunLearns_showsItTranslatesAndSwitchesWithoutAnError() throws IOException {
        learn(40);
        awaitText("state-text", "ready");
        await().atMost(PATIENCE)
                .until(() ->
                        browser.findElements(By.cssSelector(".chart canvas")).size() == 5);
        await().atMost(PATIENCE).until(() -> drawnPoints() > 1);
        long before = drawnPoints();
        learn(80);
        await().atMost(PATIENCE).alias("the curves move").until(() -> drawnPoints() > before);
        awaitText("tiles", "80");
        await().atMost(PATIENCE)
                .until(() ->
                        browser.findElement(By.id("dead-letters")).getText().contains("page-pairs-0-0"));
        backThroughTime();
        draw();
        translate();
        byHand();
        inTheStyleOfAPicture();
        switchAndPin();
        shoot("light", false, 1280, 2400);
        shoot("dark", true, 1280, 2400);
        shoot("phone", false, 390, 3600);
        assertThat((Boolean) script("return document.documentElement.scrollWidth <= innerWidth"))
                .as("nothing is wider than a phone")
                .isTrue();
        assertThat(browser.manage().logs().get(LogType.BROWSER).getAll().stream()
                        .filter(entry -> entry.getLevel().equals(Level.SEVERE))
                        .map(LogEntry::getMessage))
                .as("errors in the browser's console")
                .isEmpty();
    }

    private void backThroughTime() {
        await().atMost(PATIENCE).until(() -> (Long) script("return +document.getElementById('probe-step').max") >= 2);
        String newest = browser.findElement(By.id("probe-text")).getText();
        script("const s = document.getElementById('probe-step'); s.value = 0; s.dispatchEvent(new Event('input'))");
        awaitText("probe-text", "step 1");
        assertThat(newest).isNotEqualTo("step 1");
        await().atMost(PATIENCE).until(() -> (Boolean)
                script("const i = document.getElementById('probe-sheet'); return i.complete && i.naturalWidth > 0"));
        script("const s = document.getElementById('probe-step'); s.value = s.max; s.dispatchEvent(new Event('input'))");
    }

    private void draw() {
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

    private void translate() {
        browser.findElement(By.id("go")).click();
        await().atMost(PATIENCE).until(() -> results() == 6);
        awaitText("translate-text", "6 translations in ");
        assertThat((Boolean) script(
                        "return [...document.querySelectorAll('#results img')].every(i => i.naturalWidth === 32)"))
                .isTrue();
    }

    private void byHand() {
        browser.findElement(By.cssSelector("input[value=manual]")).click();
        assertThat(browser.findElements(By.cssSelector("#latent-manual input"))).hasSize(8);
        script(
                "const z = document.querySelector('#latent-manual input'); z.value = 2; z.dispatchEvent(new Event('input'))");
        await().atMost(PATIENCE).until(() -> results() == 1);
        awaitText("results", "2.0 0.0 0.0");
    }

    private void inTheStyleOfAPicture() throws IOException {
        browser.findElement(By.cssSelector("input[value=style]")).click();
        browser.findElement(By.id("go")).click();
        awaitText("translate-text", "choose an image");
        Path style = Files.write(folder.resolve("style.png"), Runs.source());
        browser.findElement(By.id("style")).sendKeys(style.toAbsolutePath().toString());
        browser.findElement(By.id("upload")).sendKeys(style.toAbsolutePath().toString());
        awaitText("input-text", "style.png, 32×32");
        browser.findElement(By.id("go")).click();
        awaitText("translate-text", "1 translation in ");
        browser.findElement(By.cssSelector("input[value=random]")).click();
        browser.findElement(By.id("go")).click();
        await().atMost(PATIENCE).until(() -> results() == 6);
    }

    private void switchAndPin() {
        By rows = By.cssSelector("#checkpoints tbody tr");
        await().atMost(PATIENCE).until(() -> browser.findElements(rows).size() >= 2);
        press(1, "pin");
        await().atMost(PATIENCE).until(() -> row(1).contains("unpin"));
        String name = row(1).split(" ")[0];
        press(1, "serve");
        awaitText("model-text", "serving: " + name);
        press(0, "serve");
        awaitText("model-text", "serving: live model");
    }

    /** In one go: the table is drawn anew whenever a checkpoint is written. */
    private void press(int row, String label) {
        String code = """
                const row = document.querySelectorAll('#checkpoints tbody tr')[%d];
                const button = [...(row?.querySelectorAll('button') ?? [])].find(b => b.textContent === '%s');
                button?.click();
                return button !== undefined;""".formatted(row, label);
        await().atMost(PATIENCE).alias("button " + label).until(() -> (Boolean) script(code));
    }

    private String row(int row) {
        return (String) script("return document.querySelectorAll('#checkpoints tbody tr')[" + row + "].innerText"
                + ".replaceAll(/\\s+/g, ' ')");
    }

    private void learn(int total) {
        int present = (int) http.metric("tandem_training_pairs");
        broker.produce(Runs.pairs("page-pairs", total - present));
        await().atMost(PATIENCE).until(() -> http.metric("tandem_training_pairs") >= total);
    }

    /** Of the first chart, on which something is drawn in the colour of its first curve. */
    private long drawnPoints() {
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
        await().atMost(PATIENCE)
                .alias(id + " says " + text)
                .until(() -> browser.findElement(By.id(id)).getText().contains(text));
    }

    private Object script(String code) {
        return ((JavascriptExecutor) browser).executeScript(code);
    }

    private void shoot(String name, boolean dark, int width, int height) throws IOException {
        browser.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light"))));
        browser.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", width < 500));
        await().atMost(PATIENCE).until(() -> (Long) script("return innerWidth") == width);
        await().atMost(PATIENCE)
                .until(
                        () -> (Boolean)
                                script(
                                        "return [...document.querySelectorAll('.uplot')].every(p => p.offsetWidth <= p.parentElement.clientWidth + 1)"));
        Files.write(SHOTS.resolve(name + ".png"), browser.getScreenshotAs(OutputType.BYTES));
    }

    private static ChromeDriver start(Path chromium, Path driver) {
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
                        .build(),
                options);
        started.manage().timeouts().scriptTimeout(Duration.ofSeconds(20));
        started.manage().window().setSize(new Dimension(1280, 1600));
        return started;
    }
}
