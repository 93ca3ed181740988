package dev.tandem.serving.http;

import dev.tandem.config.HttpSettings;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** Recognises requests that a page of another server made the browser send: DNS rebinding and cross-site requests. */
record OriginCheck(HttpSettings settings) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /**
     * Whether the request's {@code Host} is allowed.
     *
     * <p>Against DNS rebinding: another site can map its own host name to this server's address, but its requests carry
     * that name.
     */
    boolean isAllowedHost(HttpRequest request) {
        Set<String> names = settings.allowedHosts().isEmpty() && LOOPBACK.contains(settings.host())
                ? LOOPBACK
                : settings.allowedHosts();
        return names.isEmpty() || names.contains(host(request).replaceFirst(":\\d+$", ""));
    }

    /** Whether the request may change something and its {@code Origin} is another server. */
    boolean isCrossOriginWrite(HttpRequest request) {
        boolean isRead =
                request.method().equals(HttpMethods.GET) || request.method().equals(HttpMethods.HEAD);
        return !isRead
                && request.getHeader("Origin")
                        .map(HttpHeader::value)
                        .filter(origin -> !origin.replaceFirst("^[a-z]+://", "").equals(host(request)))
                        .isPresent();
    }

    private static String host(HttpRequest request) {
        return request.getHeader("Host").map(HttpHeader::value).orElse("");
    }
}
