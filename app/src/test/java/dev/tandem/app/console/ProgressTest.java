package dev.tandem.app.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import me.tongfei.progressbar.ProgressBar;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ProgressTest {
    private final PrintStream originalErr = System.err;

    @AfterEach
    void restore() {
        System.setErr(originalErr);
        System.clearProperty("console.width");
    }

    @Test
    void bar_withoutTerminal_isWholeLogLines() {
        String err = progressOf(3);

        assertThat(err).doesNotContain("\r");
        assertThat(err.lines())
                .isNotEmpty()
                .allMatch(line -> line.matches(".* INFO .*files: [0-3] of 3 pairs"))
                .last()
                .asString()
                .endsWith("files: 3 of 3 pairs");
    }

    @Test
    void bar_onTerminal_isNotLongerThanALine() {
        System.setProperty("console.width", "60");

        assertThat(progressOf(3).split("[\r\n]+")).isNotEmpty().allMatch(line -> line.length() < 60);
    }

    @Test
    void logLine_onTerminal_erasesTheBarFirst() throws Exception {
        assertThat(logLine("\r\u001B[K")).matches("\r\u001B\\[K\\d\\d:\\d\\d:\\d\\d INFO  text\n");
        assertThat(logLine("")).matches("\\d\\d:\\d\\d:\\d\\d INFO  text\n");
    }

    private static String progressOf(int total) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        System.setErr(new PrintStream(err, true, UTF_8));
        try (ProgressBar bar = Progress.bar("files", "pairs", total)) {
            bar.stepTo(total);
        }
        return err.toString(UTF_8);
    }

    /** A line of the program's log, with the characters that the launcher sets on a terminal. */
    private static String logLine(String erase) throws Exception {
        LoggerContext context = new LoggerContext();
        context.putProperty("console.erase", erase);
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
