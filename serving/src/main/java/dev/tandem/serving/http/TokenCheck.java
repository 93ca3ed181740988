package dev.tandem.serving.http;

import dev.tandem.config.HttpSettings;
import dev.tandem.config.SettingsException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.headers.Cookie;
import org.apache.pekko.http.javadsl.model.headers.HttpCookie;
import org.apache.pekko.http.javadsl.model.headers.HttpCookiePair;
import org.apache.pekko.http.javadsl.model.headers.SameSite;

/**
 * Checks that a request has the token of {@code http.token-file}, or the session cookie of a browser that has logged in
 * with it.
 *
 * <p>The value of the cookie is random and the same for all browsers. It is valid until the process ends.
 */
final class TokenCheck {
    private static final String KEY = "http.token-file";
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]{16,512}");
    private static final String SCHEME = "Bearer ";
    private static final int SESSION_BYTES = 32;

    private final Optional<String> token;
    private final HttpCookie session;

    private TokenCheck(Optional<String> token, HttpCookie session) {
        this.token = token;
        this.session = session;
    }

    /**
     * Reads the token.
     *
     * @throws SettingsException if the token cannot be used, or other machines could reach the server without one
     */
    static TokenCheck of(HttpSettings http) {
        Optional<String> token = http.access().tokenFile().map(file -> SecretFile.read(KEY, file));
        if (token.filter(text -> !TOKEN.matcher(text).matches()).isPresent()) {
            throw new SettingsException(KEY + ": the token must have 16 to 512 letters, digits or -._~+/= characters");
        }
        if (token.isEmpty() && !http.access().allowAnonymous() && !isLoopback(http.host())) {
            throw new SettingsException("http.host is " + http.host() + ", which other machines can reach, but there is"
                    + " no token; set http.token-file, or http.allow-anonymous=true to let everybody in");
        }
        return new TokenCheck(token, session(http));
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            throw new SettingsException("http.host is " + host + ", but this machine has no such address");
        }
    }

    /** The name contains the port, because browsers send a cookie to all ports of a host. */
    private static HttpCookie session(HttpSettings http) {
        byte[] value = new byte[SESSION_BYTES];
        new SecureRandom().nextBytes(value);
        return HttpCookie.create(
                        "tandem-session-" + http.port(),
                        Base64.getUrlEncoder().withoutPadding().encodeToString(value))
                .withPath("/")
                .withHttpOnly(true)
                .withSecure(http.access().keystore().isPresent())
                .withSameSite(SameSite.Strict);
    }

    /** Whether requests need a token. */
    boolean isRequired() {
        return token.isPresent();
    }

    /** Whether the request has the token or the session cookie, or needs none. */
    boolean isAllowed(HttpRequest request) {
        return token.isEmpty() || hasToken(request) || hasSession(request);
    }

    private boolean hasToken(HttpRequest request) {
        return request.getHeader("Authorization")
                .map(HttpHeader::value)
                .filter(value -> value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .filter(value -> isToken(value.substring(SCHEME.length()).strip()))
                .isPresent();
    }

    private boolean hasSession(HttpRequest request) {
        for (HttpHeader header : request.getHeaders()) {
            if (header instanceof Cookie cookies) {
                for (HttpCookiePair cookie : cookies.getCookies()) {
                    if (cookie.name().equals(session.name()) && isEqual(cookie.value(), session.value())) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** The session cookie for a browser that has sent the token. */
    Optional<HttpCookie> logIn(String given) {
        return isToken(given.strip()) ? Optional.of(session) : Optional.empty();
    }

    private boolean isToken(String given) {
        return token.filter(expected -> isEqual(given, expected)).isPresent();
    }

    /** Takes the same time wherever the texts differ, so that the time does not reveal a part of a secret. */
    private static boolean isEqual(String given, String expected) {
        return MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), expected.getBytes(StandardCharsets.UTF_8));
    }
}
