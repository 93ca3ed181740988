package dev.tandem.app.command;

import dev.tandem.app.run.GracefulShutdown;
import dev.tandem.clients.KafkaToolClients;
import dev.tandem.clients.RecordFiles;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.deadletter.DeadLetterRecords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "consume",
        description = "Write the records of a topic to files; Ctrl-C ends it. Read records are remembered by --group.",
        footer = {"", "Example:", "  tandem consume --bootstrap localhost:9092 --out translations --max 10"})
final class ConsumeCommand implements Callable<Integer> {
    private static final Duration POLL = Duration.ofMillis(500);

    @Spec
    private CommandSpec spec;

    @Mixin
    private KafkaOptions kafka;

    @Mixin
    private JsonOutput output;

    @Option(names = "--topic", description = "Topic; without it, the topic of translations.")
    private Optional<String> topic = Optional.empty();

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Folder for the files.")
    private Path out;

    @Option(names = "--max", paramLabel = "N", description = "End after N records; without it, go on.")
    private Optional<Long> max = Optional.empty();

    @Option(names = "--headers", description = "Write a file beside each that says what its headers are.")
    private boolean headers;

    @Option(
            names = "--idle",
            paramLabel = "SECONDS",
            description = "End when no record has come for so long; without it, wait.")
    private Optional<Long> idle = Optional.empty();

    @Option(
            names = "--group",
            defaultValue = "tandem-consume",
            description = "Consumer group. Default: ${DEFAULT-VALUE}.")
    private String group;

    @Override
    public Integer call() {
        Settings settings = kafka.settings();
        String source = topic.orElse(settings.topics().translations());
        KafkaOptions.requireKnownTopic(settings, source, false);
        ImageFiles.createFolder(out);
        AtomicBoolean stopped = new AtomicBoolean();
        try (KafkaConsumer<byte[], byte[]> consumer = KafkaToolClients.consumer(settings.kafka(), group)) {
            consumer.subscribe(List.of(source));
            spec.commandLine().getErr().println("waiting for records of " + source + "; Ctrl-C ends it");
            long count = GracefulShutdown.during(() -> consume(consumer, stopped), () -> {
                stopped.set(true);
                consumer.wakeup();
            });
            output.print(spec.commandLine().getOut(), new TreeMap<>(Map.of("consumed", count, "out", out.toString())));
            return 0;
        } catch (KafkaException e) {
            throw new UserError("Kafka at " + settings.kafka().bootstrapServers() + ": " + e.getMessage(), e);
        }
    }

    private long consume(KafkaConsumer<byte[], byte[]> consumer, AtomicBoolean stopped) {
        long count = 0;
        long last = System.nanoTime();
        while (!stopped.get() && count < max.orElse(Long.MAX_VALUE) && !isIdleSince(last)) {
            try {
                ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
                for (ConsumerRecord<byte[], byte[]> record : records) {
                    if (count < max.orElse(Long.MAX_VALUE)) {
                        write(record);
                        count++;
                        last = System.nanoTime();
                        consumer.commitSync(Map.of(
                                new TopicPartition(record.topic(), record.partition()),
                                new OffsetAndMetadata(record.offset() + 1)));
                    }
                }
            } catch (WakeupException e) {
                break;
            }
        }
        return count;
    }

    private boolean isIdleSince(long last) {
        return idle.isPresent()
                && System.nanoTime() - last > Duration.ofSeconds(idle.get()).toNanos();
    }

    private void write(ConsumerRecord<byte[], byte[]> record) {
        // What says that a letter was put back is no letter.
        if (Records.header(record, DeadLetterRecords.REPLAYED).isEmpty()) {
            new RecordFiles(out, headers).write(record);
        }
    }
}
