package dev.tandem.pipeline.broker;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.pipeline.consume.BrokerUnreachable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 1, unit = TimeUnit.MINUTES)
class TopicsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    @Test
    void missing_addressAcceptsConnectionsButNeverAnswers_failsLongBeforeTheTimeLimitOfKafka() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Topics topics = topics(silent.getLocalPort());

            assertThatThrownBy(() -> topics.missing(Set.of("pairs"), TIMEOUT))
                    .isInstanceOf(BrokerUnreachable.class)
                    .hasMessage("no Kafka broker answers at 127.0.0.1:" + silent.getLocalPort());
        }
    }

    @Test
    void missing_noNames_stillRequiresABroker() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        assertThatThrownBy(() -> topics(port).missing(Set.of(), TIMEOUT))
                .isInstanceOf(BrokerUnreachable.class)
                .hasMessage("no Kafka broker answers at 127.0.0.1:" + port);
    }

    private static Topics topics(int port) {
        Settings settings = SettingsLoader.load(
                Optional.empty(),
                List.of("kafka.bootstrap-servers=127.0.0.1:" + port, "topics.admin-timeout=1 second"));
        return new Topics(settings.kafka(), settings.topics());
    }
}
