package dev.tandem.app.command;

import dev.tandem.config.Settings;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The settings of a Kafka tool: options {@code --bootstrap}, {@code --config} and {@code --set}. */
final class KafkaOptions {
    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka brokers. Default: kafka.bootstrap-servers of the settings.")
    private Optional<String> bootstrap = Optional.empty();

    @Mixin
    private SettingsOptions options;

    Settings settings() {
        return options.settingsWith(bootstrap
                .map(servers -> List.of("kafka.bootstrap-servers=" + servers))
                .orElse(List.of()));
    }
}
