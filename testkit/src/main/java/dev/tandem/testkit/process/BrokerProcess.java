package dev.tandem.testkit.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Kafka broker in a process of its own, started with {@code ./tandem broker}. */
public final class BrokerProcess implements AutoCloseable {
    private final TandemProcess process;
    private final String bootstrapServers;

    private BrokerProcess(TandemProcess process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    /**
     * Starts a broker and waits until it is ready.
     *
     * @param directory the broker's data; a broker that is started again in the same directory has the same topics
     * @param options further options of the command {@code broker}
     */
    public static BrokerProcess start(Path directory, int port, String... options) {
        BrokerProcess broker = launch(directory, port, List.of(options), "-Xmx1g");
        broker.process.awaitOut("broker ready");
        return broker;
    }

    /** Starts a broker without waiting: a broker of a cluster is ready only when another one is. */
    static BrokerProcess launch(Path directory, int port, List<String> options, String javaOptions) {
        List<String> arguments = new ArrayList<>(List.of("broker", "--dir", directory.toString(), "--port", "" + port));
        arguments.addAll(options);
        return new BrokerProcess(TandemProcess.start(arguments, javaOptions), "127.0.0.1:" + port);
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Sends SIGKILL and waits for the end. */
    public void kill() {
        process.kill();
    }

    /** Sends SIGSTOP: connections stay open, but nothing answers. */
    public void suspend() {
        process.suspend();
    }

    /** Sends SIGCONT. */
    public void resume() {
        process.resume();
    }

    @Override
    public void close() {
        process.close();
    }
}
