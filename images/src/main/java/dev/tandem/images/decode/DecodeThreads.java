package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that decode images. They are apart from the threads of streams, actors and HTTP, which would otherwise wait for
 * images to be decoded.
 */
public final class DecodeThreads {
    private static final long IDLE_SECONDS = 10;

    private DecodeThreads() {}

    /**
     * Creates {@code images.decode-parallelism} threads. They start when they are needed and end when they are idle, so the
     * executor need not be closed.
     *
     * @param purpose part of the names of the threads
     */
    public static Executor create(ImageSettings settings, String purpose) {
        int threads = settings.decodeParallelism();
        AtomicInteger count = new AtomicInteger();
        ThreadPoolExecutor executor = new ThreadPoolExecutor(
                threads, threads, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "tandem-decode-" + purpose + "-" + count.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        executor.allowCoreThreadTimeOut(true);
        return executor;
    }
}
