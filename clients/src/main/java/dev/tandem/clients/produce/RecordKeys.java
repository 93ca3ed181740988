package dev.tandem.clients.produce;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.config.KafkaSettings;
import dev.tandem.config.UserError;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** Keys by which a record is known again: the file's name and what is in it. */
public final class RecordKeys {
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final int DIGITS = 16;

    private RecordKeys() {}

    /**
     * {@code name#hash}, or {@code name#hash#epoch} from the second epoch on.
     *
     * @param epoch from 1 on
     */
    public static String of(String name, byte[] value, int epoch) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(value);
            String key = name + "#" + HexFormat.of().formatHex(hash).substring(0, DIGITS);
            return epoch == 1 ? key : key + "#" + epoch;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that a topic has now. */
    public static Set<String> in(KafkaSettings kafka, String topic) {
        Set<String> keys = new HashSet<>();
        try (KafkaConsumer<byte[], byte[]> consumer = KafkaToolClients.consumer(kafka, "tandem-produce")) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(partition -> new TopicPartition(topic, partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            long heard = System.nanoTime();
            while (partitions.stream().anyMatch(each -> consumer.position(each) < ends.get(each))) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    heard = System.nanoTime();
                    if (record.key() != null) {
                        keys.add(new String(record.key(), StandardCharsets.UTF_8));
                    }
                }
                if (System.nanoTime() - heard > PATIENCE.toNanos()) {
                    throw new UserError("the broker has stopped answering while the topic " + topic
                            + " was looked through; try again, or send without looking (--again)");
                }
            }
        }
        return keys;
    }
}
