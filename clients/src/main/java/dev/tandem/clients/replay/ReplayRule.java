package dev.tandem.clients.replay;

import dev.tandem.clients.RecordFiles;
import dev.tandem.config.TopicSettings;
import dev.tandem.config.UserError;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.deadletter.DeadLetterRecords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Decides whether a dead letter is replayed, and as which record.
 *
 * @param reasons of the dead letters to replay; empty: all
 * @param repairedFolder files named after the origins of dead letters, whose content becomes the value; if present, only
 *     dead letters with such a file are replayed
 */
public record ReplayRule(TopicSettings topics, Set<String> reasons, Optional<Path> repairedFolder) {
    /** Header of a replayed record: the origin of its dead letter. */
    public static final String REPLAY_OF = "tandem-replay-of";

    /** @throws UserError if the folder of repaired files does not exist */
    public ReplayRule {
        repairedFolder.filter(folder -> !Files.isDirectory(folder)).ifPresent(folder -> {
            throw new UserError("there is no folder " + folder + "; set --repaired to an existing folder");
        });
    }

    /** The outcome for one dead letter. */
    sealed interface Decision {}

    /** @param record goes to the topic of origin */
    record Replay(ProducerRecord<byte[], byte[]> record) implements Decision {}

    /** @param reason for the user */
    record Skip(String reason) implements Decision {}

    Decision decide(ConsumerRecord<byte[], byte[]> deadLetter) {
        Optional<String> header = Records.header(deadLetter, DeadLetterRecords.ORIGIN);
        if (header.isEmpty()) {
            return new Skip("it has no header " + DeadLetterRecords.ORIGIN);
        }
        String origin = header.get();
        Optional<String> topic = topicOf(origin);
        if (topic.isEmpty()) {
            return new Skip("its origin " + origin + " is not in topic " + topics.pairs() + " or " + topics.sources());
        }
        String reason = Records.header(deadLetter, DeadLetterRecords.REASON).orElse("");
        if (!reasons.isEmpty() && !reasons.contains(reason)) {
            return new Skip("its reason is " + reason);
        }
        return repairedFolder
                .map(folder -> decideByFile(deadLetter, topic.get(), origin, folder))
                .orElseGet(() -> decideUnchanged(deadLetter, topic.get(), origin));
    }

    private static Decision decideByFile(
            ConsumerRecord<byte[], byte[]> deadLetter, String topic, String origin, Path folder) {
        List<Path> files = new RecordFiles(folder, false).repaired(origin, deadLetter.value());
        if (files.isEmpty()) {
            return new Skip("there is no repaired file " + origin + ".* in " + folder);
        }
        if (files.size() > 1) {
            return new Skip("there are several repaired files " + files + "; keep one of them");
        }
        return new Replay(record(deadLetter, topic, origin, ImageFiles.read(files.get(0))));
    }

    private static Decision decideUnchanged(ConsumerRecord<byte[], byte[]> deadLetter, String topic, String origin) {
        return Records.header(deadLetter, DeadLetterRecords.DROPPED_VALUE).isPresent()
                ? new Skip("its value was too large to be saved; replay it from a repaired file (--repaired)")
                : new Replay(record(deadLetter, topic, origin, deadLetter.value()));
    }

    private static ProducerRecord<byte[], byte[]> record(
            ConsumerRecord<byte[], byte[]> deadLetter, String topic, String origin, byte[] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                topic, null, DeadLetterRecords.originalKey(deadLetter).orElse(null), value, deadLetter.headers());
        Stream.concat(DeadLetterRecords.HEADERS.stream(), Stream.of(REPLAY_OF)).forEach(record.headers()::remove);
        record.headers().add(REPLAY_OF, origin.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    /** The topic of an origin, if a run reads that topic. No other topic is allowed, because anybody can forge a header. */
    private Optional<String> topicOf(String origin) {
        return Stream.of(topics.pairs(), topics.sources())
                .filter(topic -> origin.matches("\\Q" + topic + "\\E-\\d+-\\d+"))
                .findFirst();
    }
}
