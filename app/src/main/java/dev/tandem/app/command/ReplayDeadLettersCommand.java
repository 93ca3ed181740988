package dev.tandem.app.command;

import dev.tandem.clients.TopicCheck;
import dev.tandem.clients.replay.DeadLetterReplay;
import dev.tandem.clients.replay.ReplayRule;
import dev.tandem.config.Settings;
import dev.tandem.images.decode.InvalidInput.Reason;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "replay-dead-letters",
        description = "Send dead letters back to their topics of origin, unchanged or repaired, each record once.",
        footer = {
            "",
            "Examples:",
            "  tandem replay-dead-letters --bootstrap localhost:9092 --reason TOO_MANY_PIXELS",
            "  tandem consume --bootstrap localhost:9092 --topic dead-letters \\",
            "    --headers --out dead-letters",
            "  tandem replay-dead-letters --bootstrap localhost:9092 --repaired dead-letters"
        })
final class ReplayDeadLettersCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private CommandOutput output;

    @Option(
            names = "--reason",
            split = ",",
            paramLabel = "REASON",
            description = "Replay only dead letters with these reasons: ${COMPLETION-CANDIDATES}. Default: all.")
    private Set<Reason> reasons = EnumSet.noneOf(Reason.class);

    @Option(
            names = "--repaired",
            paramLabel = "DIR",
            description =
                    "Replay only dead letters with a repaired file in DIR, and send its content. The file is named"
                            + " after the origin of the dead letter, for example pairs-0-17.png.")
    private Optional<Path> repaired = Optional.empty();

    @Override
    public Integer call() {
        Settings settings = kafka.settings();
        Set<String> names = reasons.stream().map(Reason::name).collect(Collectors.toSet());
        ReplayRule rule = new ReplayRule(settings.topics(), names, repaired);
        new TopicCheck(settings).requireTopics(Set.of(settings.topics().deadLetters()));
        DeadLetterReplay.Result result = new DeadLetterReplay(settings, rule, output::printMessage).run();
        output.printResult(new TreeMap<>(Map.of(
                "replayed", result.replayed(), "duplicates", result.duplicates(), "passedOver", result.skipped())));
        return 0;
    }
}
