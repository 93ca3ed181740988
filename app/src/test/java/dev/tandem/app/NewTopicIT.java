package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.testkit.stream.BrokerTest;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/**
 * A broker announces a new topic shortly before it accepts records for it. Records that are sent in between must arrive
 * in order (KAFKA-15591).
 */
class NewTopicIT extends BrokerTest {
    private static final int ROUNDS = 20;
    private static final int TOPICS_PER_ROUND = 4;
    private static final int RECORDS = 200;
    /** A few records fill a batch, so many batches would be in flight if the producer allowed it. */
    private static final int RECORD_BYTES = 3000;

    @Test
    void produce_immediatelyToNewTopics_keepsEveryRecordInOrder() {
        List<Integer> indexes = IntStream.range(0, RECORDS).boxed().toList();
        for (int round = 0; round < ROUNDS; round++) {
            List<String> topics = topics(round);
            kafka.produce(indexes.stream()
                    .flatMap(index -> topics.stream().map(topic -> record(topic, index)))
                    .toList());
            for (String topic : topics) {
                assertThat(kafka.consumeAll(topic))
                        .as(topic)
                        .extracting(record -> ByteBuffer.wrap(record.value()).getInt())
                        .containsExactlyElementsOf(indexes);
            }
        }
    }

    private static List<String> topics(int round) {
        return IntStream.range(0, TOPICS_PER_ROUND)
                .mapToObj(index -> "new-" + round + "-" + index)
                .toList();
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int index) {
        return new ProducerRecord<>(
                topic, ByteBuffer.allocate(RECORD_BYTES).putInt(index).array());
    }
}
