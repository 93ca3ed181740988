package dev.tandem.pipeline.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.InvalidOffsetException;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.NoOffsetForPartitionException;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class OffsetRecoveryTest {
    private static final TopicPartition FIRST = new TopicPartition("sources", 0);
    private static final TopicPartition SECOND = new TopicPartition("sources", 1);

    private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("none");
    private final CountDownLatch searching = new CountDownLatch(1);

    @Test
    void recover_partitionGotAnOffsetDuringTheSearch_keepsThatOffset() {
        assign();
        OffsetRecovery recovery = recovery(failure -> {
            await(searching);
            return offsets(failure);
        });
        recovery.recover(new NoOffsetForPartitionException(FIRST));
        consumer.commitSync(Map.of(FIRST, new OffsetAndMetadata(30)));
        searching.countDown();

        while (committed(SECOND) == 0) {
            recovery.recover(new NoOffsetForPartitionException(SECOND));
        }

        assertThat(committed(FIRST)).isEqualTo(30);
        assertThat(committed(SECOND)).isEqualTo(7);
        assertThat(consumer.position(SECOND)).isEqualTo(7);
    }

    @Test
    void recover_searchFails_failsWithItsCause() {
        assign();
        OffsetRecovery recovery = recovery(failure -> {
            throw new TimeoutException("no answer");
        });

        assertThatThrownBy(() -> {
                    while (true) {
                        recovery.recover(new NoOffsetForPartitionException(FIRST));
                    }
                })
                .isInstanceOf(TimeoutException.class)
                .hasMessage("no answer");
    }

    private void assign() {
        consumer.subscribe(List.of("sources"));
        consumer.rebalance(Set.of(FIRST, SECOND));
    }

    private OffsetRecovery recovery(OffsetSearch search) {
        return new OffsetRecovery(consumer, search, "metadata");
    }

    private static Map<TopicPartition, Long> offsets(InvalidOffsetException failure) {
        return failure.partitions().stream().collect(Collectors.toMap(partition -> partition, partition -> 7L));
    }

    private long committed(TopicPartition partition) {
        OffsetAndMetadata offset = consumer.committed(Set.of(partition)).get(partition);
        return offset == null ? 0 : offset.offset();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
