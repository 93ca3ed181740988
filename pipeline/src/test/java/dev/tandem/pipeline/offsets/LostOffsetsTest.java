package dev.tandem.pipeline.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.pipeline.broker.OffsetRange;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class LostOffsetsTest {
    private static final TopicPartition PARTITION = new TopicPartition("sources", 0);
    private static final OffsetRange RANGE = new OffsetRange(5, 20);

    @Test
    void inRange_committedOffsetAfterTheEnd_isTheEnd() {
        assertThat(inRange(30, Optional.empty())).isEqualTo(20);
    }

    @Test
    void inRange_recordsLostAndReplaced_isTheFirstReplacedRecord() {
        assertThat(inRange(18, Optional.of(12L))).isEqualTo(12);
        assertThat(inRange(30, Optional.of(12L))).isEqualTo(12);
    }

    @Test
    void inRange_recordsRemovedByRetention_isTheOldestRecord() {
        assertThat(inRange(3, Optional.empty())).isEqualTo(5);
    }

    @Test
    void inRange_positionExists_isUnchanged() {
        assertThat(inRange(12, Optional.empty())).isEqualTo(12);
        assertThat(inRange(20, Optional.empty())).isEqualTo(20);
    }

    private static long inRange(long position, Optional<Long> divergent) {
        return LostOffsets.inRange(PARTITION, position, divergent, RANGE);
    }
}
