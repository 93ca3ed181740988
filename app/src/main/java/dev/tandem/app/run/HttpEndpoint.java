package dev.tandem.app.run;

import dev.tandem.config.HttpSettings;
import dev.tandem.config.UserError;
import dev.tandem.serving.http.HttpServer;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the HTTP server of a run. */
final class HttpEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);
    private static final String LOOPBACK = "127.0.0.1";

    private HttpEndpoint() {}

    /**
     * Binds the port and logs the address. If that fails, the actor system is terminated.
     *
     * @throws UserError if the port cannot be used
     */
    static void start(ActorSystem<?> system, HttpServer.Parts parts) {
        HttpSettings http = parts.settings().http();
        try {
            int port =
                    HttpServer.bind(system, parts).toCompletableFuture().join().getPort();
            LOG.info(
                    "dashboard and API at http://{}:{}",
                    http.host().equals(LOOPBACK) ? "localhost" : http.host(),
                    port);
        } catch (CompletionException e) {
            system.terminate();
            throw new UserError(
                    "cannot listen at " + http.host() + ":" + http.port() + " ("
                            + e.getCause().getMessage()
                            + "); set http.port to a free port, or leave the role http out of --roles",
                    e);
        }
    }
}
