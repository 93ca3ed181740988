package dev.tandem.app.run;

import java.util.concurrent.CompletableFuture;
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
    private static final int DONE = 0;
    private static final int FAILED = 1;

    private GracefulExit() {}

    /**
     * Does the work; a signal meanwhile asks it to end and then waits for it.
     *
     * @param stop asks the work to end; called from another thread
     */
    public static <T> T during(Supplier<T> work, Runnable stop) {
        CompletableFuture<Integer> status = new CompletableFuture<>();
        Thread hook = new Thread(() -> awaitEndAfter(stop, status), "graceful-exit");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            T result = work.get();
            status.complete(DONE);
            return result;
        } catch (RuntimeException e) {
            if (hook.isAlive()) {
                // The process ends with the hook, before anyone else could say why.
                System.err.println("tandem: " + e.getMessage());
            }
            status.complete(FAILED);
            throw e;
        } finally {
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

    private static void awaitEndAfter(Runnable stop, CompletableFuture<Integer> status) {
        stop.run();
        int code = status.completeOnTimeout(FAILED, PATIENCE_SECONDS, TimeUnit.SECONDS)
                .join();
        // The JVM would exit with the signal's number; what was asked for has been done.
        Runtime.getRuntime().halt(code);
    }
}
