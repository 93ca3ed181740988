package dev.tandem.app.command;

import dev.tandem.app.console.Progress;
import dev.tandem.clients.produce.RecordKeys;
import dev.tandem.clients.produce.RecordPublisher;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.records.ImageRecord;
import dev.tandem.datasets.records.ImageRecords;
import dev.tandem.datasets.records.RecordValidator;
import dev.tandem.pipeline.broker.Topics;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import me.tongfei.progressbar.ProgressBar;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "produce",
        description = {
            "Put image files into a topic.",
            "All files are looked at before the first is sent. A pair's key is the file's name and a hash of what is in"
                    + " it, and pairs that the topic has already are not sent again: a command that was interrupted goes"
                    + " on where it stopped."
        },
        footer = {
            "",
            "Examples:",
            "  tandem produce --bootstrap localhost:9092 facades/train            A left and B right in one picture",
            "  tandem produce --layout ba mine/train                              B left and A right",
            "  tandem produce --a drawings --b photos                             two folders, matched by name",
            "  tandem produce --edges --epochs 20 photos                          photos alone: A is their edges",
            "  tandem produce --check facades/train                               only look",
            "  tandem produce --topic sources --header tandem-samples=3 drawing.png",
            "  tandem produce --topic sources --only-a facades/val                the inputs of pairs, to translate"
        })
final class ProduceCommand implements Callable<Integer> {
    private static final int PROBLEMS_SHOWN = 50;

    private enum Halves {
        AB,
        BA
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private JsonOutput output;

    @Option(names = "--topic", description = "Topic; without it, the topic of pairs.")
    private Optional<String> topic = Optional.empty();

    @Option(names = "--create", description = "Make the topic if it is missing; those of the settings are made anyway.")
    private boolean create;

    @Option(
            names = "--header",
            paramLabel = "NAME=VALUE",
            description = "A header for every record, for instance tandem-seed=7; may be repeated.")
    private Map<String, String> headers = new LinkedHashMap<>();

    @Option(
            names = "--layout",
            paramLabel = "ab|ba",
            defaultValue = "ab",
            description = "Which half of the files is A: the left one, or the right. Default: ${DEFAULT-VALUE}.")
    private Halves layout;

    @Option(names = "--a", paramLabel = "DIR", description = "Folder of the pictures A; --b has their partners.")
    private Optional<Path> folderA = Optional.empty();

    @Option(names = "--b", paramLabel = "DIR", description = "Folder of the pictures B, by the same names.")
    private Optional<Path> folderB = Optional.empty();

    @Option(names = "--edges", description = "The files are B alone; A is made here, of their edges.")
    private boolean edges;

    @Option(names = "--only-a", description = "Of pairs, send the half A alone: requests to translate it.")
    private boolean onlyA;

    @Option(names = "--check", description = "Look at the files and send nothing.")
    private boolean check;

    @Option(names = "--skip-unusable", description = "Send what can be used; without it, one that cannot stops all.")
    private boolean skipUnusable;

    @Option(names = "--again", description = "Send pairs that the topic has already, too; they count once more.")
    private boolean again;

    @Option(
            names = "--epochs",
            defaultValue = "1",
            paramLabel = "N",
            description = "Send all N times, from the second time on in another order. Default: ${DEFAULT-VALUE}.")
    private int epochs;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "S",
            description = "Draws the orders of the epochs. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Parameters(arity = "0..*", paramLabel = "DIR|FILE", description = "Image files, and folders of them.")
    private List<Path> paths = List.of();

    @Override
    public Integer call() {
        Settings settings = kafka.settings();
        String target = topic.orElse(settings.topics().pairs());
        boolean pairs = target.equals(settings.topics().pairs());
        requireSense(pairs);
        if (!check) {
            KafkaOptions.requireKnownTopic(settings, target, create);
        }
        List<ImageRecord> all = items(new ImageRecords(settings.images()));
        List<ImageRecord> usable = usable(all, RecordValidator.of(settings, target));
        Map<String, Object> result = new TreeMap<>(Map.of(
                "files",
                all.size(),
                "unusable",
                all.size() - usable.size(),
                "produced",
                0,
                "known",
                0,
                "topic",
                target));
        if (!check) {
            RecordPublisher.Result sent = send(usable, settings, target, pairs);
            result.put("produced", sent.sent());
            result.put("known", sent.known());
        }
        output.print(spec.commandLine().getOut(), result);
        return 0;
    }

    private void requireSense(boolean pairs) {
        boolean folders = folderA.isPresent() || folderB.isPresent();
        require(folderA.isPresent() == folderB.isPresent(), "--a and --b go together");
        require(folders == paths.isEmpty(), folders ? "--a and --b leave no other files" : "which files? Name some");
        require(
                Stream.of(folders, edges, layout == Halves.BA)
                                .filter(each -> each)
                                .count()
                        <= 1,
                "only one of --a with --b, --edges and --layout ba can be given");
        require(pairs || !folders && !edges && layout == Halves.AB, "only the topic of pairs takes pairs");
        require(!pairs || !onlyA, "--only-a makes requests: name their topic with --topic sources");
        require(epochs >= 1, "--epochs is " + epochs + ", but must be at least 1");
    }

    private void require(boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    private List<ImageRecord> items(ImageRecords items) {
        if (folderA.isPresent() && folderB.isPresent()) {
            return items.pairedByName(folderA.get(), folderB.get());
        }
        List<Path> files = ImageFiles.find(paths);
        if (edges) {
            return items.withEdgesAsA(files);
        }
        if (onlyA) {
            return items.leftHalves(files);
        }
        return layout == Halves.BA ? items.swapped(files) : items.unchanged(files);
    }

    /** Says of each that cannot be used why not. */
    private List<ImageRecord> usable(List<ImageRecord> all, RecordValidator validation) {
        Map<Integer, String> problems;
        try (ProgressBar bar = Progress.bar("check", "files", all.size())) {
            problems = validation.problems(all, bar::step);
        }
        problems.values().stream()
                .limit(PROBLEMS_SHOWN)
                .forEach(problem -> spec.commandLine().getErr().println(problem));
        if (problems.size() > PROBLEMS_SHOWN) {
            spec.commandLine().getErr().println("... and " + (problems.size() - PROBLEMS_SHOWN) + " more");
        }
        if (!problems.isEmpty() && !skipUnusable) {
            throw new UserError(problems.size() + " of " + all.size() + " files cannot be used"
                    + (check ? "" : "; nothing was sent. --skip-unusable sends the others"));
        }
        return IntStream.range(0, all.size())
                .filter(i -> !problems.containsKey(i))
                .mapToObj(all::get)
                .toList();
    }

    private RecordPublisher.Result send(List<ImageRecord> items, Settings settings, String target, boolean pairs) {
        new Topics(settings.kafka(), settings.topics())
                .ensure(List.of(target), settings.topics().adminTimeout());
        Set<String> known = pairs && !again ? RecordKeys.in(settings.kafka(), target) : Set.of();
        try (ProgressBar bar = Progress.bar("produce", "files", (long) items.size() * epochs)) {
            return new RecordPublisher(settings, target, headers, pairs).send(items, epochs, seed, known, bar::step);
        }
    }
}
