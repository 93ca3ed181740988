package dev.tandem.config;

import com.typesafe.config.Config;

/** Where the HTTP role listens; port 0 means any free one. */
public record HttpSettings(String host, int port) {
    public HttpSettings {
        Check.notBlank("http.host", host);
        Check.range("http.port", port, 0, 65535);
    }

    static HttpSettings from(Config tandem) {
        Section http = Section.of(tandem, "http");
        return new HttpSettings(http.text("host"), http.integer("port"));
    }
}
