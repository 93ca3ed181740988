package dev.tandem.app.run;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jline.utils.Signals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns SIGTERM, SIGHUP and Ctrl-C into an orderly end; a second one ends the process at once. */
public final class GracefulShutdown {
    private static final Logger LOG = LoggerFactory.getLogger(GracefulShutdown.class);
    private static final List<String> SIGNALS = List.of("TERM", "INT", "HUP");
    /** What a shell says of a process that SIGTERM ended. */
    private static final int KILLED = 143;

    private GracefulShutdown() {}

    /**
     * Does the work, which may end by itself.
     *
     * @param stop asks the work to end soon; called from another thread
     */
    public static <T> T during(Supplier<T> work, Runnable stop) {
        AtomicInteger received = new AtomicInteger();
        Runnable onSignal = () -> {
            if (received.getAndIncrement() > 0) {
                Runtime.getRuntime().halt(KILLED);
            }
            LOG.info("ending what is in hand; a second signal ends at once");
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
