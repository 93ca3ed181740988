package dev.tandem.serving.http;

import dev.tandem.config.HttpAccess;
import dev.tandem.config.SettingsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.apache.pekko.http.javadsl.ConnectionContext;
import org.apache.pekko.http.javadsl.HttpsConnectionContext;

/** HTTPS with the private key of a keystore. */
final class Tls {
    private static final String KEYSTORE = "http.tls.keystore";

    private Tls() {}

    /**
     * Opens the keystore; empty for HTTP.
     *
     * @throws SettingsException if keystore or password cannot be read, or there is no private key
     */
    static Optional<HttpsConnectionContext> of(HttpAccess access) {
        return access.keystore()
                .map(keystore -> ConnectionContext.httpsServer(context(
                        keystore,
                        SecretFile.read(
                                        "http.tls.password-file",
                                        access.keystorePasswordFile().orElseThrow())
                                .toCharArray())));
    }

    private static SSLContext context(Path keystore, char[] password) {
        if (!Files.isRegularFile(keystore)) {
            throw new SettingsException(KEYSTORE + ": there is no file " + keystore);
        }
        try {
            KeyStore keys = KeyStore.getInstance(keystore.toFile(), password);
            requirePrivateKey(keys, keystore);
            KeyManagerFactory managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            managers.init(keys, password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(managers.getKeyManagers(), null, null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new SettingsException(KEYSTORE + ": cannot open " + keystore + " with the password of"
                    + " http.tls.password-file (" + e.getMessage() + ")");
        }
    }

    private static void requirePrivateKey(KeyStore keys, Path keystore) throws GeneralSecurityException {
        for (String alias : Collections.list(keys.aliases())) {
            if (keys.isKeyEntry(alias)) {
                return;
            }
        }
        throw new SettingsException(KEYSTORE + ": " + keystore + " has no private key");
    }
}
