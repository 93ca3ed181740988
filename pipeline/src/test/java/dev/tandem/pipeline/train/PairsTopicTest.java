package dev.tandem.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.pipeline.broker.OffsetRange;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PairsTopicTest {
    private static final TopicPartition KAFKA_PARTITION = new TopicPartition("pairs", 0);
    private static final Partition PARTITION = new Partition("pairs", 0);
    private static final Map<String, String> ID = Map.of("pairs", "first");

    @Test
    void start_emptyCheckpoint_isTheOldestRecord() {
        assertThat(start(Offsets.NONE, "first", new OffsetRange(5, 20))).isEqualTo(5);
    }

    @Test
    void start_checkpointOfThisTopic_isItsNextOffset() {
        assertThat(start(checkpoint(12, ID), "first", new OffsetRange(5, 20))).isEqualTo(12);
    }

    @Test
    void start_checkpointWithoutTopicIds_isItsNextOffset() {
        assertThat(start(checkpoint(12, Map.of()), "first", new OffsetRange(5, 20)))
                .isEqualTo(12);
    }

    @Test
    void start_topicCreatedAgain_isItsOldestRecord() {
        assertThat(start(checkpoint(12, ID), "second", new OffsetRange(0, 20))).isZero();
    }

    @Test
    void start_recordsRemovedByRetention_isTheOldestRecord() {
        assertThat(start(checkpoint(3, ID), "first", new OffsetRange(5, 20))).isEqualTo(5);
    }

    @Test
    void start_brokerLostRecords_isTheEndOfThePartition() {
        assertThat(start(checkpoint(30, ID), "first", new OffsetRange(5, 20))).isEqualTo(20);
    }

    @Test
    void advancedTo_offsetsOfTopicCreatedAgain_replaceThoseOfTheOldTopic() {
        Offsets now = checkpoint(12, ID).advancedTo(checkpoint(4, Map.of("pairs", "second")));

        assertThat(now).isEqualTo(checkpoint(4, Map.of("pairs", "second")));
    }

    private static long start(Offsets checkpoint, String id, OffsetRange range) {
        return PairsTopic.from(checkpoint, "pairs", id, Map.of(KAFKA_PARTITION, range))
                .start()
                .get(KAFKA_PARTITION);
    }

    private static Offsets checkpoint(long next, Map<String, String> topics) {
        return new Offsets(Map.of(PARTITION, next), topics);
    }
}
