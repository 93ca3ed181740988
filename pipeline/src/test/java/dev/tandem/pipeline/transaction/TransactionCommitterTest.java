package dev.tandem.pipeline.transaction;

import static dev.tandem.pipeline.transaction.LimitedProducer.MAX_BYTES;
import static dev.tandem.pipeline.transaction.LimitedProducer.outputs;
import static dev.tandem.pipeline.transaction.LimitedProducer.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.SettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.InvalidRecordException;
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
    void commit_outputsRejected_sendsTheAlternativesOfTheseResultsOnly() {
        ProcessedRecord smallest = result(input(1), 1);
        ProcessedRecord deadLetter = withAlternative(input(1), outputs(MAX_BYTES + 1), rejection -> smallest);
        ProcessedRecord large = withAlternative(input(1), outputs(5, MAX_BYTES + 1), rejection -> deadLetter);
        ProcessedRecord refused = result(input(3), 4);
        ProcessedRecord invalid = withAlternative(input(3), List.of(invalidRecord()), rejection -> refused);

        List<ProcessedRecord> committed = committer.commit(
                List.of(result(input(0), 10), large, result(input(2), 20), invalid, result(input(4), 30)), group);

        assertThat(committed.get(1)).isSameAs(smallest);
        assertThat(committed.get(3)).isSameAs(refused);
        assertThat(producer.committedSizes()).containsExactly(10, 1, 20, 4, 30);
        assertThat(producer.committedOffsets()).containsExactly(Map.entry(PARTITION, 5L));
    }

    @Test
    void commit_outputRejected_tellsTheAlternativeWhy() {
        List<Throwable> reasons = new ArrayList<>();
        ProcessedRecord invalid = withAlternative(input(0), List.of(invalidRecord()), rejection -> {
            reasons.add(rejection);
            return result(input(0), 1);
        });

        committer.commit(List.of(invalid), group);

        assertThat(reasons).singleElement().isInstanceOf(InvalidRecordException.class);
    }

    /** After a crash, reading resumes at the committed offset: results before it are not sent again. */
    @Test
    void commit_failsAfterARejection_keepsOutputsAndOffsetsOfTheFirstResults() {
        ProcessedRecord large = withAlternative(input(1), outputs(MAX_BYTES + 1), rejection -> {
            producer.sendOffsetsToTransactionException = new KafkaException("generation is over");
            return result(input(1), 1);
        });

        assertThatThrownBy(() -> committer.commit(List.of(result(input(0), 10), large), group))
                .hasMessage("generation is over");

        assertThat(producer.committedSizes()).containsExactly(10);
        assertThat(producer.committedOffsets()).containsExactly(Map.entry(PARTITION, 1L));
    }

    @Test
    void commit_noAlternativeAccepted_endsTheRunAndCommitsNothing() {
        assertThatThrownBy(() -> committer.commit(List.of(result(input(0), MAX_BYTES + 1)), group))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("sources-0-0: too large");

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

    private static ProducerRecord<byte[], byte[]> invalidRecord() {
        return new ProducerRecord<>("translations", LimitedProducer.INVALID_KEY, new byte[1]);
    }

    private static ProcessedRecord withAlternative(
            InputRecord input,
            List<ProducerRecord<byte[], byte[]>> outputs,
            Function<Throwable, ProcessedRecord> alternative) {
        return new ProcessedRecord(input, outputs, Optional.empty(), Optional.of(alternative));
    }

    private static TransactionCommitter initialized(LimitedProducer producer) {
        TransactionCommitter committer = new TransactionCommitter(producer, "partitions=1");
        committer.init();
        return committer;
    }

    private static InputRecord input(long offset) {
        return new InputRecord(
                new ConsumerRecord<>(PARTITION.topic(), PARTITION.partition(), offset, null, null), 1, 0);
    }
}
