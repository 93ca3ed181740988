package dev.tandem.pipeline.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.pipeline.broker.OffsetRange;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class PairsTopicTest {
    private static final TopicPartition KAFKAS = new TopicPartition("pairs", 0);
    private static final Partition OURS = new Partition("pairs", 0);
    private static final Map<String, String> ID = Map.of("pairs", "first");

    @Test
    void start_nothingSeen_isTheOldestRecord() {
        assertThat(start(Offsets.NONE, "first", new OffsetRange(5, 20))).isEqualTo(5);
    }

    @Test
    void start_seenOfThisTopic_isBehindIt() {
        assertThat(start(seen(12, ID), "first", new OffsetRange(5, 20))).isEqualTo(12);
    }

    @Test
    void start_seenByACheckpointThatKnowsNoIds_isBehindIt() {
        assertThat(start(seen(12, Map.of()), "first", new OffsetRange(5, 20))).isEqualTo(12);
    }

    @Test
    void start_topicDeletedAndMadeAnew_isItsOldestRecord() {
        assertThat(start(seen(12, ID), "second", new OffsetRange(0, 20))).isZero();
    }

    @Test
    void start_recordsGoneBeforeTheyWereRead_isTheOldestThatIsLeft() {
        assertThat(start(seen(3, ID), "first", new OffsetRange(5, 20))).isEqualTo(5);
    }

    @Test
    void start_brokerHasLostRecords_isItsEndAndNotItsStart() {
        assertThat(start(seen(30, ID), "first", new OffsetRange(5, 20))).isEqualTo(20);
    }

    @Test
    void advancedTo_offsetsOfTheTopicMadeAnew_replaceThoseOfTheOldOne() {
        Offsets now = seen(12, ID).advancedTo(seen(4, Map.of("pairs", "second")));

        assertThat(now).isEqualTo(seen(4, Map.of("pairs", "second")));
    }

    private static long start(Offsets seen, String id, OffsetRange extent) {
        return PairsTopic.from(seen, "pairs", id, Map.of(KAFKAS, extent))
                .start()
                .get(KAFKAS);
    }

    private static Offsets seen(long next, Map<String, String> topics) {
        return new Offsets(Map.of(OURS, next), topics);
    }
}
