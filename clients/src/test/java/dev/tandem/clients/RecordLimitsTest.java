package dev.tandem.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.pipeline.broker.TopicLimits;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class RecordLimitsTest {
    private final RecordLimits limits = new RecordLimits(Map.of("pairs", new TopicLimits("pairs", 1000, false)), 5000);

    @Test
    void rejection_aboveTheLimitOfTheTopic_namesIt() {
        assertThat(limits.rejection(record("pairs", 900))).isEmpty();
        assertThat(limits.rejection(record("pairs", 1000)).orElseThrow()).contains("topic pairs accepts at most 1000");
    }

    @Test
    void rejection_topicWithoutLimits_isLimitedByTheProducer() {
        assertThat(limits.rejection(record("sources", 4900))).isEmpty();
        assertThat(limits.rejection(record("sources", 5000)).orElseThrow())
                .contains("the producer sends at most 5000", "kafka.max.request.size");
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, int size) {
        return new ProducerRecord<>(topic, new byte[size]);
    }
}
