package dev.tandem.app.console;

import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import me.tongfei.progressbar.ConsoleProgressBarConsumer;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Progress on standard error: a bar on a terminal, log lines elsewhere.
 *
 * <p>The launcher detects the terminal, because Java cannot tell whether standard error is one. On a terminal, each
 * log line erases the bar ({@link EraseBar}). The bar then appears again below the line.
 */
public final class Progress {
    private static final Logger LOG = LoggerFactory.getLogger(Progress.class);
    /** System property that the launcher sets. */
    private static final String WIDTH = "console.width";

    private static final int TERMINAL_MILLIS = 250;
    private static final int LOG_MILLIS = 10_000;

    private Progress() {}

    /** @param unit of the total, for example {@code pairs} */
    public static ProgressBar bar(String task, String unit, long total) {
        ProgressBarBuilder builder = new ProgressBarBuilder().setTaskName(task).setInitialMax(total);
        return terminalWidth() > 0 ? bar(builder, unit) : lines(builder, unit);
    }

    /** The width of the terminal at standard error; 0 without a terminal. */
    static int terminalWidth() {
        return Integer.getInteger(WIDTH, 0);
    }

    private static ProgressBar bar(ProgressBarBuilder builder, String unit) {
        return builder.setUnit(" " + unit, 1)
                .setSpeedUnit(ChronoUnit.SECONDS)
                .showSpeed()
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(TERMINAL_MILLIS)
                .setConsumer(new ConsoleProgressBarConsumer(System.err, terminalWidth() - 1))
                .build();
    }

    private static ProgressBar lines(ProgressBarBuilder builder, String unit) {
        return builder.setUpdateIntervalMillis(LOG_MILLIS)
                .setRenderer((state, length) -> state.getTaskName() + ": " + state.getCurrent() + " of "
                        + state.getMax() + " " + unit + state.getExtraMessage())
                .setConsumer(new DelegatingProgressBarConsumer(withoutRepetition(LOG::info)))
                .build();
    }

    /** The library renders the last state twice. */
    private static Consumer<String> withoutRepetition(Consumer<String> log) {
        AtomicReference<String> last = new AtomicReference<>("");
        return line -> {
            if (!line.equals(last.getAndSet(line))) {
                log.accept(line);
            }
        };
    }
}
