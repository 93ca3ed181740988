package dev.tandem.clients.replay;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.clients.RecordFiles;
import dev.tandem.config.Settings;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.deadletter.DeadLetterRecords;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Puts dead letters back into the topics they came from, as they were or repaired, each once: in the same transaction
 * a receipt goes to the dead letters, and a letter that has one is not put back again.
 *
 * @param reasons which letters, by their reason; none: all
 * @param repaired a folder of files named after the letters' origins that take the place of their values; then only
 *     letters that have one are put back
 * @param passedOver told of every letter that is not put back, and why not
 */
public record DeadLetterReplay(
        Settings settings, Set<String> reasons, Optional<Path> repaired, Consumer<String> passedOver) {
    /** Where a record lay that has been put back. */
    public static final String REPLAY_OF = "tandem-replay-of";

    private static final String NAME = "tandem-replay";
    private static final Duration POLL = Duration.ofMillis(200);

    /** How many letters were put back, and how many were not. */
    public record Result(int replayed, int passedOver) {
        private Result plus(boolean one) {
            return one ? new Result(replayed + 1, passedOver) : new Result(replayed, passedOver + 1);
        }
    }

    /** Deals with all letters that are there now. */
    public Result run() {
        String topic = settings.topics().deadLetters();
        try (KafkaConsumer<byte[], byte[]> consumer = KafkaToolClients.consumer(settings.kafka(), NAME);
                KafkaProducer<byte[], byte[]> producer =
                        KafkaToolClients.transactionalProducer(settings, NAME + "-" + topic)) {
            // Shuts out whoever else is putting letters of this topic back.
            producer.initTransactions();
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            // A receipt may lie behind a transaction that is not decided yet: then that is waited for.
            Map<TopicPartition, Long> ends = KafkaToolClients.ends(settings.kafka(), partitions);
            Set<String> receipts = new HashSet<>();
            forAll(
                    consumer,
                    ends,
                    letters -> letters.forEach(letter ->
                            Records.header(letter, DeadLetterRecords.REPLAYED).ifPresent(receipts::add)));
            Result[] total = {new Result(0, 0)};
            forAll(consumer, ends, letters -> total[0] = replay(letters, receipts, producer, total[0]));
            return total[0];
        }
    }

    private static void forAll(
            KafkaConsumer<byte[], byte[]> consumer,
            Map<TopicPartition, Long> ends,
            Consumer<ConsumerRecords<byte[], byte[]>> what) {
        consumer.seekToBeginning(ends.keySet());
        while (ends.keySet().stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
            what.accept(consumer.poll(POLL));
        }
    }

    private Result replay(
            ConsumerRecords<byte[], byte[]> letters,
            Set<String> receipts,
            KafkaProducer<byte[], byte[]> producer,
            Result before) {
        Result result = before;
        producer.beginTransaction();
        for (ConsumerRecord<byte[], byte[]> letter : letters) {
            boolean isLetter =
                    Records.header(letter, DeadLetterRecords.REPLAYED).isEmpty();
            if (isLetter && !receipts.contains(Records.origin(letter))) {
                Optional<ProducerRecord<byte[], byte[]>> record = record(letter);
                record.ifPresent(each -> {
                    producer.send(each);
                    producer.send(receipt(letter));
                });
                result = result.plus(record.isPresent());
            }
        }
        producer.commitTransaction();
        return result;
    }

    private ProducerRecord<byte[], byte[]> receipt(ConsumerRecord<byte[], byte[]> letter) {
        ProducerRecord<byte[], byte[]> receipt = new ProducerRecord<>(letter.topic(), letter.key(), null);
        receipt.headers().add(DeadLetterRecords.REPLAYED, Records.origin(letter).getBytes(StandardCharsets.UTF_8));
        return receipt;
    }

    private Optional<ProducerRecord<byte[], byte[]>> record(ConsumerRecord<byte[], byte[]> letter) {
        Optional<String> origin = Records.header(letter, DeadLetterRecords.ORIGIN);
        Optional<String> topic = origin.flatMap(this::topic);
        if (topic.isEmpty()) {
            return passOver(
                    letter, "its origin " + origin.orElse("is not told") + " is none of the topics that are read");
        }
        String reason = Records.header(letter, DeadLetterRecords.REASON).orElse("");
        if (!reasons.isEmpty() && !reasons.contains(reason)) {
            return passOver(letter, "its reason is " + reason);
        }
        List<Path> files = repaired.map(folder -> new RecordFiles(folder, false).repaired(origin.get(), letter.value()))
                .orElse(List.of());
        if (files.size() > 1) {
            return passOver(letter, "which of " + files + " is meant?");
        }
        Optional<Path> file = files.stream().findFirst();
        if (repaired.isPresent() && file.isEmpty()) {
            return passOver(letter, "there is no repaired file " + origin.get() + ".* in " + repaired.get());
        }
        if (file.isEmpty()
                && Records.header(letter, DeadLetterRecords.DROPPED_VALUE).isPresent()) {
            return passOver(letter, "its value was too large to keep");
        }
        return Optional.of(record(letter, topic.get(), file, origin.get()));
    }

    private ProducerRecord<byte[], byte[]> record(
            ConsumerRecord<byte[], byte[]> letter, String topic, Optional<Path> file, String origin) {
        byte[] value = file.map(ImageFiles::read).orElse(letter.value());
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, null, letter.key(), value, letter.headers());
        Stream.concat(DeadLetterRecords.HEADERS.stream(), Stream.of(REPLAY_OF)).forEach(record.headers()::remove);
        record.headers().add(REPLAY_OF, origin.getBytes(StandardCharsets.UTF_8));
        return record;
    }

    /** Only into topics that are read: anybody may write a header. */
    private Optional<String> topic(String origin) {
        return Stream.of(settings.topics().pairs(), settings.topics().sources())
                .filter(topic -> origin.matches("\\Q" + topic + "\\E-\\d+-\\d+"))
                .findFirst();
    }

    private Optional<ProducerRecord<byte[], byte[]>> passOver(ConsumerRecord<byte[], byte[]> letter, String why) {
        passedOver.accept(Records.origin(letter) + " is passed over: " + why);
        return Optional.empty();
    }
}
