package dev.tandem.app.run;

import dev.tandem.config.UserError;
import dev.tandem.serving.http.HttpServer;
import java.util.concurrent.CompletionException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts the HTTP server of a run. */
final class HttpEndpoint {
    private static final Logger LOG = LoggerFactory.getLogger(HttpEndpoint.class);

    private HttpEndpoint() {}

    /**
     * Binds the ports and logs the address. If that fails, the actor system is terminated.
     *
     * @throws UserError if a port cannot be used
     */
    static void start(ActorSystem<?> system, HttpServer.Parts parts) {
        try {
            HttpServer.Ports ports =
                    HttpServer.bind(system, parts).toCompletableFuture().join();
            LOG.info("dashboard and API at {}, health and metrics at port {}", ports.url(), ports.managementPort());
        } catch (CompletionException e) {
            system.terminate();
            throw e.getCause() instanceof UserError portInUse ? portInUse : e;
        }
    }
}
