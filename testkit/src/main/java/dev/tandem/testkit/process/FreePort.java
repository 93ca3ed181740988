package dev.tandem.testkit.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Finds a free TCP port for a server that starts later. */
public final class FreePort {
    /**
     * Below the ports that systems choose for outgoing connections and for port 0 (Linux: from 32768, others: from 49152).
     * One of those could be taken before the server starts.
     */
    private static final int FROM = 10_000;

    private static final int TO = 32_768;
    private static final int ATTEMPTS = 1000;

    private FreePort() {}

    /** A random port of the loopback interface that was free a moment ago. */
    public static int find() {
        return ThreadLocalRandom.current()
                .ints(ATTEMPTS, FROM, TO)
                .filter(FreePort::isFree)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no port from " + FROM + " to " + (TO - 1) + " is free"));
    }

    private static boolean isFree(int port) {
        try {
            new ServerSocket(port, 1, InetAddress.getLoopbackAddress()).close();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
