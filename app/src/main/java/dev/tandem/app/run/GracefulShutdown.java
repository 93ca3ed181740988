package dev.tandem.app.run;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jline.utils.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stops work gracefully on SIGTERM, SIGHUP or Ctrl-C. A second signal halts the process immediately. */
public final class GracefulShutdown {
    private static final Logger LOG = LoggerFactory.getLogger(GracefulShutdown.class);
    private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");
    /** The exit code of a shell for a process that SIGTERM ended: 128 + 15. */
    private static final int EXIT_SIGTERM = 143;

    private GracefulShutdown() {}

    /**
     * Runs work that ends by itself or on a signal.
     *
     * @param stop makes the work end soon; called from another thread
     * @return the result of the work
     */
    public static <T> T during(Supplier<T> work, Runnable stop) {
        AtomicInteger received = new AtomicInteger();
        Runnable onSignal = () -> {
            if (received.getAndIncrement() > 0) {
                Runtime.getRuntime().halt(EXIT_SIGTERM);
            }
            LOG.info("stopping after the work in progress; a second signal stops immediately");
            stop.run();
        };
        SIGNALS.forEach(signal -> Signals.register(signal, onSignal));
        try {
            return work.get();
        } finally {
            SIGNALS.forEach(Signals::registerDefault);
        }
    }
}
