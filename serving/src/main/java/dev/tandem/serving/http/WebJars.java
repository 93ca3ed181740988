package dev.tandem.serving.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Libraries for browsers, out of jars; Maven's own record in each says its version. */
final class WebJars {
    private WebJars() {}

    /** The version of a library that is on the class path. */
    static String version(String library) {
        String record = "META-INF/maven/org.webjars.npm/" + library + "/pom.properties";
        try (InputStream in = WebJars.class.getClassLoader().getResourceAsStream(record)) {
            if (in == null) {
                throw new IllegalStateException("there is no " + record + " on the class path");
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
