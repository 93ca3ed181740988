package dev.tandem.app.command;

import dev.tandem.clients.replay.DeadLetterReplay;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.images.decode.InvalidInput.Reason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "replay-dead-letters",
        description = "Put dead letters back into the topics they came from, as they were or repaired; each once.",
        footer = {
            "",
            "Examples:",
            "  tandem replay-dead-letters --bootstrap localhost:9092 --reason TOO_MANY_PIXELS",
            "  tandem consume --bootstrap localhost:9092 --topic dead-letters --headers --out letters",
            "  tandem replay-dead-letters --bootstrap localhost:9092 --repaired letters"
        })
final class ReplayCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private JsonOutput output;

    @Option(
            names = "--reason",
            split = ",",
            paramLabel = "REASON",
            description = "Only letters with this reason: ${COMPLETION-CANDIDATES}. Without it, all.")
    private Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    @Option(
            names = "--repaired",
            paramLabel = "DIR",
            description =
                    "Put back only letters that have a file in DIR named after their origin (pairs-0-17.png), with its"
                            + " bytes for a value.")
    private Optional<Path> repaired = Optional.empty();

    @Override
    public Integer call() {
        repaired.filter(folder -> !Files.isDirectory(folder)).ifPresent(folder -> {
            throw new UserError("there is no folder " + folder);
        });
        Settings settings = kafka.settings();
        KafkaOptions.requireTopics(settings, Set.of(settings.topics().deadLetters()));
        Set<String> names = reasons.stream().map(Reason::name).collect(Collectors.toSet());
        try {
            DeadLetterReplay.Result result = new DeadLetterReplay(
                            settings, names, repaired, spec.commandLine().getErr()::println)
                    .run();
            output.print(
                    spec.commandLine().getOut(),
                    new TreeMap<>(Map.of("replayed", result.replayed(), "passedOver", result.passedOver())));
            return 0;
        } catch (KafkaException e) {
            throw new UserError("Kafka at " + settings.kafka().bootstrapServers() + ": " + e.getMessage(), e);
        }
    }
}
