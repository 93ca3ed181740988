package dev.tandem.app.command;

import dev.tandem.app.run.GracefulShutdown;
import dev.tandem.clients.RecordFiles;
import dev.tandem.clients.TopicCheck;
import dev.tandem.clients.consume.RecordConsumer;
import dev.tandem.config.Settings;
import dev.tandem.datasets.files.ImageFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "consume",
        description = {
            "Write the records of a topic to files. Ctrl-C stops it.",
            "The next call with the same consumer group starts after the last record."
        },
        footer = {"", "Example:", "  tandem consume --bootstrap localhost:9092 --out translations --max 10"})
final class ConsumeCommand implements Callable<Integer> {
    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private CommandOutput output;

    @Option(names = "--topic", paramLabel = "TOPIC", description = "Topic to read. Default: the topic of translations.")
    private Optional<String> topic = Optional.empty();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the files.")
    private Path out;

    @Option(names = "--max", paramLabel = "N", description = "Stop after N records. Default: no limit.")
    private Optional<Long> max = Optional.empty();

    @Option(names = "--headers", description = "Write the headers of each record to NAME.headers.json.")
    private boolean headers;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            description = "Stop after this time without a record. Default: no limit.")
    private Optional<Long> idle = Optional.empty();

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            defaultValue = "tandem-consume",
            description = "Consumer group. Default: ${DEFAULT-VALUE}.")
    private String group;

    @Override
    public Integer call() {
        Settings settings = kafka.settings();
        String source = topic.orElse(settings.topics().translations());
        new TopicCheck(settings).requireTopic(source, false);
        ImageFiles.createFolder(out);
        RecordFiles files = new RecordFiles(out, headers);
        RecordConsumer.Limits limits = new RecordConsumer.Limits(max, idle.map(Duration::ofSeconds));
        try (RecordConsumer consumer = RecordConsumer.subscribe(settings.kafka(), group, source, files, limits)) {
            output.printMessage("waiting for records of topic " + source + "; press Ctrl-C to stop");
            long count = GracefulShutdown.during(consumer::run, consumer::stop);
            output.printResult(new TreeMap<>(Map.of("consumed", count, "out", out.toString())));
            return 0;
        }
    }
}
