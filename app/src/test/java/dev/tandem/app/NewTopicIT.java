package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.testkit.WithBroker;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** A topic is told to be there a moment before it takes records; which ones come in that moment must not matter. */
class NewTopicIT extends WithBroker {
    private static final int ROUNDS = 20;
    private static final int TOPICS_A_ROUND = 4;
    private static final int RECORDS = 200;
    /** Some records fill a batch, so that many batches are under way at once if they may be. */
    private static final int RECORD_BYTES = 3000;

    @Test
    void produce_atOnceToNewTopics_everyRecordArrivesInItsPlace() {
        for (int round = 0; round < ROUNDS; round++) {
            List<String> topics = topics(round);
            broker.produce(IntStream.range(0, RECORDS)
                    .boxed()
                    .flatMap(index -> topics.stream().map(topic -> record(topic, index)))
                    .toList());
            for (String topic : topics) {
                assertThat(broker.consumeAll(topic))
                        .as(topic)
                        .extracting(record -> ByteBuffer.wrap(record.value()).getInt())
                        .containsExactlyElementsOf(
                                IntStream.range(0, RECORDS).boxed().toList());
            }
        }
    }

    private static List<String> topics(int round) {
        return IntStream.range(0, TOPICS_A_ROUND)
                .mapToObj(index -> "new-" + round + "-" + index)
                .toList();
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int index) {
        return new ProducerRecord<>(
                topic, ByteBuffer.allocate(RECORD_BYTES).putInt(index).array());
    }
}
