package dev.tandem.model.checkpoint;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Another process that holds the lock of a file. */
final class LockHolder implements AutoCloseable {
    private final Process process;

    private LockHolder(Process process) {
        this.process = process;
    }

    /** Returns when the process has created and locked the file. */
    static LockHolder start(Path file) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LockHolder.class.getName(),
                        file.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        if (process.getInputStream().read() < 0) {
            throw new IOException("the process has not locked " + file);
        }
        return new LockHolder(process);
    }

    /** Locks the file, writes one byte and waits until standard input ends. */
    public static void main(String[] arguments) throws IOException {
        try (FileChannel channel =
                FileChannel.open(Path.of(arguments[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            channel.lock();
            System.out.write('\n');
            System.out.flush();
            while (System.in.read() >= 0) {
                // Nobody writes; the end of the test ends the stream.
            }
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Returns when the process has ended and its lock is free. */
    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
