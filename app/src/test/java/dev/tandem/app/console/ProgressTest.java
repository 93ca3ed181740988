package dev.tandem.app.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.read.ListAppender;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class ProgressTest {
    private static final String LINE = "\\d\\d:\\d\\d:\\d\\d INFO  text\n";
    private static final String ERASE = "\u001B[2K\r";

    private final Logger log = (Logger) LoggerFactory.getLogger(Progress.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final PrintStream originalErr = System.err;

    @BeforeEach
    void collectLines() {
        lines.start();
        log.addAppender(lines);
        log.setLevel(Level.INFO);
    }

    @AfterEach
    void restore() {
        log.detachAppender(lines);
        log.setLevel(null);
        System.setErr(originalErr);
        System.clearProperty("console.width");
    }

    @Test
    void bar_withoutTerminal_isWholeLogLines() {
        assertThat(progressOf(3)).doesNotContain("\r");

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .allMatch(line -> line.matches("files: [0-3] of 3 pairs"))
                .doesNotHaveDuplicates()
                .endsWith("files: 3 of 3 pairs");
    }

    @Test
    void bar_onTerminal_isNotLongerThanALine() {
        System.setProperty("console.width", "60");

        assertThat(progressOf(3).split("[\r\n]+")).isNotEmpty().allMatch(line -> line.length() < 60);
    }

    @Test
    void logLine_onTerminal_erasesTheBarFirst() throws Exception {
        assertThat(logLine()).matches(LINE);

        System.setProperty("console.width", "80");
        assertThat(logLine()).startsWith(ERASE);
        assertThat(logLine().substring(ERASE.length())).matches(LINE);
    }

    private static String progressOf(int total) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, UTF_8));
        try (ProgressBar bar = Progress.bar("files", "pairs", total)) {
            bar.stepTo(total);
        }
        return err.toString(UTF_8);
    }

    /** A line of the program's log. */
    private static String logLine() throws Exception {
        LoggerContext context = new LoggerContext();
        JoranConfigurator configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(ProgressTest.class.getResource("/logback.xml"));
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        LoggingEvent event = new LoggingEvent("", root, Level.INFO, "text", null, null);
        ConsoleAppender<?> appender = (ConsoleAppender<?>) root.getAppender("STDERR");
        return encode(appender, event);
    }

    @SuppressWarnings("unchecked")
    private static String encode(ConsoleAppender<?> appender, LoggingEvent event) {
        return new String(
                ((ConsoleAppender<LoggingEvent>) appender).getEncoder().encode(event), UTF_8);
    }
}
