package dev.tandem.app.command;

import dev.tandem.app.console.Progress;
import dev.tandem.clients.TopicCheck;
import dev.tandem.clients.produce.RecordPublisher;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.records.DepthWarnings;
import dev.tandem.datasets.records.ImageRecord;
import dev.tandem.datasets.records.ImageRecords;
import dev.tandem.datasets.records.RecordValidator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "produce",
        description = {
            "Send image files to a topic.",
            "All files are checked before the first is sent. The key of a pair is its file name and a hash of its"
                    + " content. Pairs already in the topic are skipped, so an interrupted command can be repeated."
        },
        footer = {
            "",
            "Examples:",
            "  tandem produce --bootstrap localhost:9092 facades/train",
            "  tandem produce --layout ba mine/train        B is left, A is right",
            "  tandem produce --a drawings --b photos       two folders, matched by name",
            "  tandem produce --edges --epochs 20 photos    A is made from the edges of B",
            "  tandem produce --check facades/train         check the files only",
            "  tandem produce --topic sources --header tandem-samples=3 drawing.png",
            "  tandem produce --topic sources --only-a facades/val"
        })
final class ProduceCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private CommandOutput output;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "Topic to send to. Default: the topic of pairs.")
    private Optional<String> topic = Optional.empty();

    @Option(
            names = "--create",
            description = "Create the topic if it is missing. Topics of the settings are always created.")
    private boolean create;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "A header for every record, for example tandem-seed=7. Repeatable.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Mixin
    private ImageRecordOptions images;

    @Option(names = "--check", description = "Check the files and send nothing.")
    private boolean checkOnly;

    @Mixin
    private SkipUnusableOption invalid;

    @Option(names = "--again", description = "Also send pairs that are already in the topic, to train on them again.")
    private boolean again;

    @Option(
            names = "--epochs",
            defaultValue = "1",
            paramLabel = "N",
            description = "Send all files N times, in a new order from the second time on. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "S",
            description = "Seed of these orders. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Override
    public Integer call() {
        Settings settings = kafka.settings();
        String target = topic.orElse(settings.topics().pairs());
        images.requireValid(target.equals(settings.topics().pairs()));
        UsageException.requireAtLeast("--epochs", epochs, 1);
        if (!checkOnly) {
            new TopicCheck(settings).requireTopic(target, create);
        }
        List<ImageRecord> all = images.records(new ImageRecords(settings));
        RecordPublisher publisher = new RecordPublisher(settings, target, headers, again);
        RecordValidator validator = RecordValidator.of(settings, target);
        Map<Integer, String> problems =
                problems(all, checkOnly ? validator : validator.withSizeLimit(publisher.sizeLimit(epochs)));
        RecordPublisher.Result published = new RecordPublisher.Result(0, 0);
        try {
            List<ImageRecord> valid = invalid.invalidFiles(output, checkOnly ? "" : "; nothing was sent")
                    .valid("files", all, problems);
            DepthWarnings.of(valid, settings.images()).forEach(output::printMessage);
            if (!checkOnly) {
                published = publish(valid, publisher);
            }
        } catch (UserError e) {
            if (output.isJson()) {
                output.printResult(result(all, problems, published, target));
            }
            throw e;
        }
        output.printResult(result(all, problems, published, target));
        return 0;
    }

    private Map<Integer, String> problems(List<ImageRecord> all, RecordValidator validator) {
        try (ProgressBar bar = Progress.bar("check", "files", all.size())) {
            return validator.problems(all, bar::step);
        }
    }

    private Map<String, Object> result(
            List<ImageRecord> all, Map<Integer, String> problems, RecordPublisher.Result published, String target) {
        Map<String, Object> result = new TreeMap<>(Map.of(
                "files", all.size(),
                "unusable", problems.size(),
                "produced", published.sent(),
                "known", published.skipped(),
                "topic", target));
        if (output.isJson()) {
            result.put("problems", List.copyOf(problems.values()));
        }
        return result;
    }

    private RecordPublisher.Result publish(List<ImageRecord> records, RecordPublisher publisher) {
        try (ProgressBar bar = Progress.bar("produce", "files", (long) records.size() * epochs)) {
            return publisher.publish(records, epochs, seed, bar::step);
        }
    }
}
