package dev.tandem.testkit.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class FreePortTest {

    @Test
    void find_anyPort_isFreeAndBelowThoseOfOutgoingConnections() throws IOException {
        int port = FreePort.find();

        try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(socket.getLocalPort()).isEqualTo(port).isBetween(10_000, 32_767);
        }
    }
}
