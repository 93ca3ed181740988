package dev.tandem.serving.http;

import com.typesafe.config.ConfigFactory;
import dev.tandem.config.HttpLimits;
import java.time.Duration;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.settings.ServerSettings;

/**
 * Limits of the connections to one port.
 *
 * @param max maximum number of connections
 * @param idleTimeout time after which a connection without traffic is closed
 */
record ConnectionLimits(int max, Duration idleTimeout) {
    private static final String SERVER = "pekko.http.server.";
    private static final int MANAGEMENT_CONNECTIONS = 64;
    /** Probes send their request at once. */
    private static final Duration MANAGEMENT_IDLE_TIMEOUT = Duration.ofSeconds(10);

    static ConnectionLimits ofApi(HttpLimits limits) {
        return new ConnectionLimits(limits.maxConnections(), limits.idleTimeout());
    }

    static ConnectionLimits ofManagement() {
        return new ConnectionLimits(MANAGEMENT_CONNECTIONS, MANAGEMENT_IDLE_TIMEOUT);
    }

    /** The settings of the HTTP library. {@link MalformedRequests} logs in place of the library. */
    ServerSettings serverSettings(ActorSystem<?> system) {
        return ServerSettings.create(ConfigFactory.parseMap(Map.of(
                        SERVER + "max-connections",
                        max,
                        SERVER + "idle-timeout",
                        idleTimeout.toMillis() + " ms",
                        SERVER + "transparent-head-requests",
                        true,
                        SERVER + "parsing.error-handler",
                        MalformedRequests.class.getName(),
                        SERVER + "parsing.error-logging-verbosity",
                        "off",
                        SERVER + "parsing.illegal-header-warnings",
                        "off"))
                .withFallback(system.settings().config()));
    }
}
