package dev.tandem.app.command;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TopicSettings;
import dev.tandem.config.UserError;
import dev.tandem.pipeline.broker.Topics;
import dev.tandem.pipeline.consume.BrokerUnreachable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Option;

/** How produce and consume find the broker. */
final class KafkaOptions {
    @Option(
            names = "--bootstrap",
            paramLabel = "HOST:PORT",
            description = "Kafka brokers; without it, kafka.bootstrap-servers of the settings.")
    private Optional<String> bootstrap = Optional.empty();

    @Option(names = "--config", paramLabel = "FILE", description = "Settings file, for its kafka block.")
    private Optional<Path> file = Optional.empty();

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "One setting, for instance images.min-side=16; may be repeated.")
    private List<String> set = new ArrayList<>();

    Settings settings() {
        List<String> assignments = new ArrayList<>(set);
        bootstrap.ifPresent(servers -> assignments.add("kafka.bootstrap-servers=" + servers));
        return SettingsLoader.load(file, assignments);
    }

    /** @throws UserError if no broker answers, or a topic is missing that neither the settings nor the user name */
    static void requireKnownTopic(Settings settings, String topic, boolean meant) {
        TopicSettings names = settings.topics();
        boolean known = Set.of(names.pairs(), names.sources(), names.translations(), names.deadLetters())
                .contains(topic);
        requireTopics(settings, known || meant ? Set.of() : Set.of(topic));
    }

    /** @throws UserError if no broker answers or a topic is missing: a misspelt one is not to be made */
    static void requireTopics(Settings settings, Set<String> names) {
        requireBroker(settings);
        Set<String> missing = new Topics(settings.kafka(), settings.topics())
                .missing(names, settings.topics().adminTimeout());
        if (!missing.isEmpty()) {
            throw new UserError("there is no topic " + String.join(", ", missing) + " at "
                    + settings.kafka().bootstrapServers());
        }
    }

    /** @throws UserError if no broker answers */
    static void requireBroker(Settings settings) {
        try {
            new Topics(settings.kafka(), settings.topics())
                    .requireBroker(settings.topics().adminTimeout());
        } catch (BrokerUnreachable e) {
            throw new UserError(e.getMessage() + "; is it running? --bootstrap says where", e);
        }
    }
}
