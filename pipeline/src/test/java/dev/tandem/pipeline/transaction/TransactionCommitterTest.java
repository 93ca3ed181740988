package dev.tandem.pipeline.transaction;

import static dev.tandem.pipeline.transaction.LimitedProducer.MAX_BYTES;
import static dev.tandem.pipeline.transaction.LimitedProducer.outputs;
import static dev.tandem.pipeline.transaction.LimitedProducer.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class TransactionCommitterTest {
    private static final TopicPartition PARTITION = new TopicPartition("sources", 0);

    private final ConsumerGroupMetadata group = new MockConsumer<byte[], byte[]>("earliest").groupMetadata();
    private final LimitedProducer producer = new LimitedProducer(MAX_BYTES);
    private final TransactionCommitter committer = initialized(producer);

    @Test
    void commit_results_sendsOutputsAndNextOffsetsTogether() {
        List<ProcessedRecord> committed =
                committer.commit(List.of(result(input(0), 10, 20), result(input(1)), result(input(2), 30)), group);

        assertThat(committed).hasSize(3);
        assertThat(producer.committedSizes()).containsExactly(10, 20, 30);
        assertThat(producer.committedOffsets()).containsExactly(Map.entry(PARTITION, 3L));
        assertThat(producer.commitCount()).isEqualTo(1);
    }

    @Test
    void commit_manyBytes_areSeveralTransactions() {
        LimitedProducer unlimited = new LimitedProducer(Integer.MAX_VALUE);
        List<ProcessedRecord> results =
                List.of(result(input(0), 7 << 20), result(input(1), 7 << 20), result(input(2), 7 << 20));

        initialized(unlimited).commit(results, group);

        assertThat(unlimited.commitCount()).isEqualTo(2);
        assertThat(unlimited.history()).hasSize(3);
    }

    @Test
    void commit_emptyOutputAndNoOutput_advanceTheOffsets() {
        committer.commit(List.of(result(input(0), 0), result(input(1))), group);

        assertThat(producer.committedSizes()).containsExactly(0);
        assertThat(producer.committedOffsets()).containsExactly(Map.entry(PARTITION, 2L));
    }

    @Test
    void commit_outputTooLarge_sendsTheSmallerResultInstead() {
        ProcessedRecord smallest = result(input(1), 1);
        ProcessedRecord deadLetter =
                new ProcessedRecord(input(1), outputs(MAX_BYTES + 1), Optional.empty(), Optional.of(smallest));
        ProcessedRecord large =
                new ProcessedRecord(input(1), outputs(5, MAX_BYTES + 1), Optional.empty(), Optional.of(deadLetter));

        List<ProcessedRecord> committed = committer.commit(List.of(result(input(0), 10), large), group);

        assertThat(committed.get(1)).isSameAs(smallest);
        assertThat(producer.committedSizes()).containsExactly(10, 1);
        assertThat(producer.committedOffsets()).containsExactly(Map.entry(PARTITION, 2L));
    }

    @Test
    void commit_noResultSmallEnough_failsAndCommitsNothing() {
        assertThatThrownBy(() -> committer.commit(List.of(result(input(0), MAX_BYTES + 1)), group))
                .isInstanceOf(KafkaException.class)
                .hasMessageContaining("sources-0-0");

        assertThat(producer.transactionAborted()).isTrue();
        assertThat(producer.history()).isEmpty();
    }

    @Test
    void commit_rejectedByTheGroup_failsAndCommitsNothing() {
        producer.sendOffsetsToTransactionException = new KafkaException("generation is over");

        assertThatThrownBy(() -> committer.commit(List.of(result(input(0), 10)), group))
                .hasMessage("generation is over");

        assertThat(producer.transactionAborted()).isTrue();
        assertThat(producer.history()).isEmpty();
    }

    private static TransactionCommitter initialized(LimitedProducer producer) {
        TransactionCommitter committer = new TransactionCommitter(producer);
        committer.init();
        return committer;
    }

    private static InputRecord input(long offset) {
        return new InputRecord(
                new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset, null, null), 1, 0);
    }
}
