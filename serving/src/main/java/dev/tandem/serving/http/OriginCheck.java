package dev.tandem.serving.http;

import dev.tandem.config.HttpSettings;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpMethods;
import org.apache.pekko.http.javadsl.model.HttpRequest;

/** Which requests a browser may have been made to send by a page of elsewhere. */
record OriginCheck(HttpSettings settings) {
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    /** Whether it is called by a name of its own: a page could have given its name this address (DNS rebinding). */
    boolean isAllowedHost(HttpRequest request) {
        Set<String> names = settings.allowedHosts().isEmpty() && LOOPBACK.contains(settings.host())
                ? LOOPBACK
                : settings.allowedHosts();
        return names.isEmpty() || names.contains(host(request).replaceFirst(":\\d+$", ""));
    }

    /** Whether a page of another server wants something changed: a browser says which page it was. */
    boolean isCrossOrigin(HttpRequest request) {
        boolean reads =
                request.method().equals(HttpMethods.GET) || request.method().equals(HttpMethods.HEAD);
        return !reads
                && request.getHeader("Origin")
                        .map(HttpHeader::value)
                        .filter(origin -> !origin.replaceFirst("^[a-z]+://", "").equals(host(request)))
                        .isPresent();
    }

    private static String host(HttpRequest request) {
        return request.getHeader("Host").map(HttpHeader::value).orElse("");
    }
}
