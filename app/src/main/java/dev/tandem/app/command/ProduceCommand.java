package dev.tandem.app.command;

import dev.tandem.app.UserError;
import dev.tandem.app.io.ImageFiles;
import dev.tandem.app.io.PlainClients;
import dev.tandem.app.io.Progress;
import dev.tandem.config.Settings;
import dev.tandem.pipeline.broker.Topics;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import me.tongfei.progressbar.ProgressBar;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "produce",
        description = "Put image files into a topic; the key is the file's name.",
        footer = {
            "",
            "Examples:",
            "  tandem produce --bootstrap localhost:9092 facades/train",
            "  tandem produce --bootstrap localhost:9092 --topic sources --header tandem-samples=3 drawing.png"
        })
final class ProduceCommand implements Callable<Integer> {
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

    @Parameters(arity = "1..*", paramLabel = "DIR|FILE", description = "Image files, and folders of them.")
    private List<Path> paths;

    @Override
    public Integer call() {
        List<Path> files = ImageFiles.find(paths);
        Settings settings = kafka.settings();
        String target = topic.orElse(settings.topics().pairs());
        KafkaOptions.requireKnownTopic(settings, target, create);
        new Topics(settings.kafka(), settings.topics())
                .ensure(List.of(target), settings.topics().adminTimeout());
        produce(files, settings, target);
        output.print(spec.commandLine().getOut(), new TreeMap<>(Map.of("produced", files.size(), "topic", target)));
        return 0;
    }

    private void produce(List<Path> files, Settings settings, String target) {
        AtomicReference<Optional<Exception>> failure = new AtomicReference<>(Optional.empty());
        try (KafkaProducer<byte[], byte[]> producer = PlainClients.producer(settings.kafka(), settings.topics());
                ProgressBar bar = Progress.bar("produce", "files", files.size())) {
            for (Path file : files) {
                producer.send(record(target, file), (metadata, exception) -> {
                    if (exception != null) {
                        failure.set(Optional.of(exception));
                    }
                });
                failIfAny(failure.get());
                bar.step();
            }
            producer.flush();
        }
        failIfAny(failure.get());
    }

    private ProducerRecord<byte[], byte[]> record(String target, Path file) {
        byte[] key = file.getFileName().toString().getBytes(StandardCharsets.UTF_8);
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(target, key, ImageFiles.read(file));
        headers.forEach((name, value) -> record.headers().add(name, value.getBytes(StandardCharsets.UTF_8)));
        return record;
    }

    private static void failIfAny(Optional<Exception> failure) {
        failure.ifPresent(exception -> {
            throw new UserError("Kafka did not take a record: " + exception.getMessage(), exception);
        });
    }
}
