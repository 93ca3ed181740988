package dev.tandem.serving.http;

import dev.tandem.config.HttpSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.UserError;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.serving.ModelClient;
import dev.tandem.serving.dashboard.ProbeGallery;
import dev.tandem.serving.dashboard.RunStatus;
import dev.tandem.serving.metrics.Metrics;
import dev.tandem.serving.metrics.Readiness;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * The HTTP server of a run, at two ports.
 *
 * <p>{@code http.port} serves the dashboard at {@code /}, the API at {@code /v1/...} (described at {@code
 * /openapi.json}), and {@code /config} with the settings without secrets. Both ports serve {@code /health/live}, {@code
 * /health/ready}, and {@code /metrics} for Prometheus. {@code http.management-port} has connections of its own, so that
 * it answers while the other port is overloaded.
 */
public final class HttpServer {
    private static final int MAX_PORT = 65_535;

    /**
     * The parts of a run that the server gives access to.
     *
     * @param redactedSettings the settings as text by key, without secrets
     */
    public record Parts(
            Settings settings,
            Map<String, String> redactedSettings,
            CheckpointStore store,
            ModelClient model,
            Readiness readiness,
            Metrics metrics,
            RunStatus runStatus,
            ProbeGallery probes) {}

    /**
     * The ports that the server listens at.
     *
     * @param url address of the dashboard for a browser on this machine
     */
    public record Ports(int port, int managementPort, String url) {}

    private HttpServer() {}

    /**
     * Checks the settings and files that the server needs.
     *
     * @throws SettingsException if token, keystore or memory limit cannot be used, or other machines could reach the server
     *     without a token
     */
    public static void check(HttpSettings http) {
        TokenCheck.of(http);
        Tls.of(http.access());
        http.limits().memoryIn(Runtime.getRuntime().maxMemory());
    }

    /**
     * Starts the server.
     *
     * @return completes when the server listens at both ports; fails with a {@link UserError} if a port cannot be used
     * @throws SettingsException as {@link #check}
     */
    public static CompletionStage<Ports> bind(ActorSystem<?> system, Parts parts) {
        HttpSettings http = parts.settings().http();
        Listener listener = new Listener(system, http.host(), Tls.of(http.access()));
        HttpRoutes routes = new HttpRoutes(system, parts, TokenCheck.of(http));
        return listener.bind(http.port(), routes.all(), ConnectionLimits.ofApi(http.limits()))
                .exceptionally(failure -> {
                    throw portError(failure, http, http.port(), "http.port");
                })
                .thenCompose(port -> bindManagement(listener, http, port, routes)
                        .thenApply(management -> new Ports(port, management, listener.url(port))));
    }

    private static CompletionStage<Integer> bindManagement(
            Listener listener, HttpSettings http, int apiPort, HttpRoutes routes) {
        int wanted = http.managementPort().orElse(apiPort < MAX_PORT ? apiPort + 1 : 0);
        CompletionStage<Integer> bound = listener.bind(wanted, routes.management(), ConnectionLimits.ofManagement());
        return http.managementPort().isPresent()
                ? bound.exceptionally(failure -> {
                    throw portError(failure, http, wanted, "http.management-port");
                })
                : bound.exceptionallyCompose(
                        inUse -> listener.bind(0, routes.management(), ConnectionLimits.ofManagement()));
    }

    private static UserError portError(Throwable failure, HttpSettings http, int port, String key) {
        Throwable cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        // Before the message of the system, Pekko writes the address in brackets.
        String reason = String.valueOf(cause.getMessage()).replaceFirst("^\\[.*] ", "");
        return new UserError(
                "cannot listen at " + http.host() + ":" + port + " (" + reason + "); set " + key
                        + " to a free port or to 0, or leave the role http out of --roles",
                cause);
    }
}
