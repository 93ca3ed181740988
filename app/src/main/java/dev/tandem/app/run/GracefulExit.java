package dev.tandem.app.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns SIGTERM and Ctrl-C into an orderly end with exit code 0: the JVM's shutdown waits while the command, told to
 * stop, comes to its own end.
 */
public final class GracefulExit {
    private static final Logger LOG = LoggerFactory.getLogger(GracefulExit.class);
    private static final long PATIENCE_SECONDS = 120;
    private static final int GAVE_UP = 1;

    private GracefulExit() {}

    /**
     * Does the work; a signal meanwhile asks it to end and then waits for it.
     *
     * @param stop asks the work to end; called from another thread
     */
    public static <T> T during(Supplier<T> work, Runnable stop) {
        CountDownLatch ended = new CountDownLatch(1);
        Thread hook = new Thread(() -> awaitEndAfter(stop, ended), "graceful-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.get();
        } finally {
            ended.countDown();
            remove(hook);
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            LOG.debug("the shutdown is under way, and its hook will end it", e);
        }
    }

    private static void awaitEndAfter(Runnable stop, CountDownLatch ended) {
        stop.run();
        int status = GAVE_UP;
        try {
            status = ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS) ? 0 : GAVE_UP;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // The JVM would exit with the signal's number; what was asked for has been done.
        Runtime.getRuntime().halt(status);
    }
}
