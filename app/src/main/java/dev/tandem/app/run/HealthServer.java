package dev.tandem.app.run;

import dev.tandem.config.HttpSettings;
import java.util.concurrent.CompletionStage;
import java.util.function.BooleanSupplier;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.http.javadsl.Http;
import org.apache.pekko.http.javadsl.ServerBinding;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.server.AllDirectives;
import org.apache.pekko.http.javadsl.server.Route;

/** {@code /health/live}: the process answers. {@code /health/ready}: model and streams are up. */
final class HealthServer extends AllDirectives {
    private final BooleanSupplier ready;

    private HealthServer(BooleanSupplier ready) {
        this.ready = ready;
    }

    static CompletionStage<ServerBinding> bind(ActorSystem<?> system, HttpSettings settings, BooleanSupplier ready) {
        return Http.get(system).newServerAt(settings.host(), settings.port()).bind(new HealthServer(ready).routes());
    }

    private Route routes() {
        return pathPrefix(
                "health",
                () -> get(() -> concat(
                        path("live", () -> complete(StatusCodes.OK, "live\n")),
                        path(
                                "ready",
                                () -> ready.getAsBoolean()
                                        ? complete(StatusCodes.OK, "ready\n")
                                        : complete(
                                                StatusCodes.SERVICE_UNAVAILABLE,
                                                "starting, restarting or stopping\n")))));
    }
}
