package dev.tandem.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Who may use the HTTP server, and how connections are encrypted.
 *
 * @param tokenFile file with the bearer token; empty: no token is needed
 * @param allowAnonymous whether the server may listen beyond the loopback address without a token
 * @param keystore keystore with the private key for HTTPS; empty: HTTP
 * @param keystorePasswordFile file with the password of the keystore
 */
public record HttpAccess(
        Optional<Path> tokenFile,
        boolean allowAnonymous,
        Optional<Path> keystore,
        Optional<Path> keystorePasswordFile) {
    public HttpAccess {
        if (keystore.isPresent() != keystorePasswordFile.isPresent()) {
            throw new SettingsException(
                    "HTTPS needs both http.tls.keystore and http.tls.password-file, but only one is set");
        }
    }

    static HttpAccess from(SettingsSection http) {
        SettingsSection tls = http.child("tls");
        return new HttpAccess(
                http.path("token-file"), http.flag("allow-anonymous"), tls.path("keystore"), tls.path("password-file"));
    }
}
