package dev.tandem.config;

import com.typesafe.config.Config;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where the HTTP role listens (port 0 means any free one), how many translations it takes on at a time, and how often the
 * dashboard's probes are translated anew, in steps (0: never).
 *
 * @param allowedHosts names by which it may be called; none: any, or on a loopback address that one's names
 */
public record HttpSettings(
        String host,
        int port,
        int maxRequests,
        int probeEvery,
        int probeInputs,
        int probeSamples,
        Set<String> allowedHosts) {
    public HttpSettings {
        RangeCheck.notBlank("http.host", host);
        RangeCheck.range("http.port", port, 0, 65535);
        RangeCheck.range("http.max-requests", maxRequests, 1, 1000);
        RangeCheck.range("http.probe-every", probeEvery, 0, 1_000_000);
        RangeCheck.range("http.probe-inputs", probeInputs, 1, 32);
        RangeCheck.range("http.probe-samples", probeSamples, 1, 32);
        allowedHosts = Set.copyOf(allowedHosts);
    }

    static HttpSettings from(Config tandem) {
        SettingsSection http = SettingsSection.of(tandem, "http");
        return new HttpSettings(
                http.text("host"),
                http.integer("port"),
                http.integer("max-requests"),
                http.integer("probe-every"),
                http.integer("probe-inputs"),
                http.integer("probe-samples"),
                Stream.of(http.text("allowed-hosts").split(","))
                        .map(String::trim)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet()));
    }
}
