package dev.tandem.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Forwards TCP connections to a port of this machine, with the delays of a network. Data take half of the round trip
 * time in each direction. A new connection takes one round trip more, like the handshake of TCP.
 */
public final class TcpProxy implements AutoCloseable {
    private static final int CHUNK_BYTES = 64 << 10;

    private final ServerSocket listener;
    private final int targetPort;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private volatile Duration roundTrip = Duration.ZERO;

    private TcpProxy(ServerSocket listener, int targetPort) {
        this.listener = listener;
        this.targetPort = targetPort;
    }

    /** Starts a proxy on a free port of the loopback address. The target may start later. */
    public static TcpProxy start(int targetPort) {
        try {
            ServerSocket listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
            TcpProxy proxy = new TcpProxy(listener, targetPort);
            startDaemon(proxy::acceptAll);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public int port() {
        return listener.getLocalPort();
    }

    /** Sets the round trip time of data that arrive from now on. */
    public void setRoundTrip(Duration time) {
        roundTrip = time;
    }

    /** Closes all connections and drops the data in them. Clients can connect again. */
    public void cutConnections() {
        connections.forEach(Connection::close);
    }

    @Override
    public void close() {
        closeQuietly(listener);
        cutConnections();
    }

    private void acceptAll() {
        while (!listener.isClosed()) {
            try {
                connect(listener.accept());
            } catch (IOException e) {
                // The proxy was closed.
            }
        }
    }

    private void connect(Socket client) {
        try {
            Connection connection = new Connection(client, new Socket(InetAddress.getLoopbackAddress(), targetPort));
            connections.add(connection);
            connection.forward(client, connection.target);
            connection.forward(connection.target, client);
        } catch (IOException e) {
            // The target does not listen, so the client's connection is closed too.
            closeQuietly(client);
        }
    }

    private static void startDaemon(Runnable work) {
        Thread thread = new Thread(work, "tcp-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // Already closed.
        }
    }

    /** @param due when the bytes arrive, by {@link System#nanoTime}; an empty chunk is the end of the stream */
    private record Chunk(byte[] bytes, long due) {}

    private final class Connection {
        private final Socket client;
        private final Socket target;
        private final long firstDue = System.nanoTime() + roundTrip.toNanos() * 3 / 2;

        private Connection(Socket client, Socket target) throws IOException {
            this.client = client;
            this.target = target;
            client.setTcpNoDelay(true);
            target.setTcpNoDelay(true);
        }

        private void forward(Socket from, Socket to) {
            BlockingQueue<Chunk> inFlight = new LinkedBlockingQueue<>();
            startDaemon(() -> read(from, inFlight));
            startDaemon(() -> write(inFlight, to));
        }

        private void read(Socket from, BlockingQueue<Chunk> inFlight) {
            byte[] buffer = new byte[CHUNK_BYTES];
            int count = 0;
            while (count >= 0) {
                try {
                    count = from.getInputStream().read(buffer);
                } catch (IOException e) {
                    count = -1;
                }
                long due = Math.max(firstDue, System.nanoTime() + roundTrip.toNanos() / 2);
                inFlight.add(new Chunk(Arrays.copyOf(buffer, Math.max(0, count)), due));
            }
        }

        private void write(BlockingQueue<Chunk> inFlight, Socket to) {
            try {
                for (Chunk chunk = inFlight.take(); chunk.bytes().length > 0; chunk = inFlight.take()) {
                    TimeUnit.NANOSECONDS.sleep(chunk.due() - System.nanoTime());
                    to.getOutputStream().write(chunk.bytes());
                }
            } catch (IOException | InterruptedException e) {
                // The receiver is gone, so the sender's connection is closed too.
            }
            close();
        }

        private void close() {
            connections.remove(this);
            closeQuietly(client);
            closeQuietly(target);
        }
    }
}
