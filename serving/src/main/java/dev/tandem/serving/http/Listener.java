package dev.tandem.serving.http;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;
import org.apache.pekko.http.javadsl.ServerBuilder;
import org.apache.pekko.http.javadsl.server.Route;

/** Listens at ports of one address, with HTTP or HTTPS. */
record Listener(ActorSystem<?> system, String host, Optional<HttpsConnectionContext> tls) {

    /**
     * Serves the routes.
     *
     * @param port 0: any free port
     * @return the port; fails if it cannot be used
     */
    CompletionStage<Integer> bind(int port, Route routes, ConnectionLimits limits) {
        ServerBuilder builder = Http.get(system).newServerAt(host, port).withSettings(limits.serverSettings(system));
        return tls.map(builder::enableHttps)
                .orElse(builder)
                .bind(routes)
                .thenApply(binding -> binding.localAddress().getPort());
    }

    /** The URL for a browser on this machine. */
    String url(int port) {
        return (tls.isPresent() ? "https://" : "http://") + browserHost() + ":" + port;
    }

    private String browserHost() {
        try {
            InetAddress address = InetAddress.getByName(host);
            if (address.isAnyLocalAddress() || address.isLoopbackAddress()) {
                return "localhost";
            }
        } catch (UnknownHostException e) {
            // Then listening has failed before.
        }
        return host.contains(":") && !host.startsWith("[") ? "[" + host + "]" : host;
    }
}
