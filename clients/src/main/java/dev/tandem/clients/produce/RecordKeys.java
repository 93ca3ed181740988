package dev.tandem.clients.produce;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.config.KafkaSettings;
import dev.tandem.config.UserError;
import dev.tandem.pipeline.consume.TopicReader;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;

/** Record keys that identify a pair by file name and content, so that no pair is sent twice. */
public final class RecordKeys {
    private static final Duration IDLE_TIMEOUT = Duration.ofMinutes(1);
    private static final int HASH_DIGITS = 16;

    private RecordKeys() {}

    /**
     * The key {@code name#hash}, or {@code name#hash#epoch} from the second epoch on.
     *
     * @param epoch from 1 on
     */
    public static String of(String name, byte[] value, int epoch) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(value);
            String key = name + "#" + HexFormat.of().formatHex(hash).substring(0, HASH_DIGITS);
            return epoch == 1 ? key : key + "#" + epoch;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * The keys of all records that are now in a topic, as a set that the caller may change.
     *
     * @throws UserError if the broker stops answering
     */
    public static Set<String> existing(KafkaSettings kafka, String topic) {
        Set<String> keys = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = KafkaToolClients.consumer(kafka, "tandem-produce")) {
            TopicReader reader =
                    TopicReader.fromStart(consumer, consumer.endOffsets(KafkaToolClients.partitions(consumer, topic)));
            long lastRecordNanos = System.nanoTime();
            while (reader.hasNext()) {
                ConsumerRecords<byte[], byte[]> records = reader.poll();
                records.forEach(record -> addKey(record, keys));
                lastRecordNanos = records.isEmpty() ? lastRecordNanos : System.nanoTime();
                if (System.nanoTime() - lastRecordNanos > IDLE_TIMEOUT.toNanos()) {
                    throw new UserError("the broker stopped answering while the keys of topic " + topic
                            + " were read; try again, or send all files without this check (--again)");
                }
            }
        }
        return keys;
    }

    private static void addKey(ConsumerRecord<byte[], byte[]> record, Set<String> keys) {
        if (record.key() != null) {
            keys.add(new String(record.key(), StandardCharsets.UTF_8));
        }
    }
}
