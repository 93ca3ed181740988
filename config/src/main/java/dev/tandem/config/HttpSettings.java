package dev.tandem.config;

import com.typesafe.config.Config;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Settings of the dashboard and the HTTP API.
 *
 * @param host address to listen on
 * @param port port to listen on; 0: any free port
 * @param managementPort port of health and metrics; 0: any free port; empty: the port after {@code port}, or any free port
 * @param probeEvery training steps between two translations of the dashboard's probe images; 0: none
 * @param probeInputs number of probe images
 * @param probeSamples translations of each probe image
 * @param allowedHosts host names that browsers may use; empty: the loopback names on a loopback address, otherwise any
 */
public record HttpSettings(
        String host,
        int port,
        OptionalInt managementPort,
        int probeEvery,
        int probeInputs,
        int probeSamples,
        Set<String> allowedHosts,
        HttpAccess access,
        HttpLimits limits) {
    private static final int MAX_PORT = 65535;

    public HttpSettings {
        RangeCheck.notBlank("http.host", host);
        RangeCheck.range("http.port", port, 0, MAX_PORT);
        managementPort.ifPresent(value -> RangeCheck.range("http.management-port", value, 0, MAX_PORT));
        if (port != 0 && managementPort.equals(OptionalInt.of(port))) {
            throw new SettingsException("http.management-port is " + port + ", but must differ from http.port");
        }
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
                http.integerOrAuto("management-port"),
                http.integer("probe-every"),
                http.integer("probe-inputs"),
                http.integer("probe-samples"),
                Stream.of(http.text("allowed-hosts").split(","))
                        .map(String::trim)
                        .filter(name -> !name.isEmpty())
                        .collect(Collectors.toSet()),
                HttpAccess.from(http),
                HttpLimits.from(http));
    }
}
