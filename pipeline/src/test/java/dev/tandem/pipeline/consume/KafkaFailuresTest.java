package dev.tandem.pipeline.consume;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class KafkaFailuresTest {

    @Test
    void message_producerInAnErrorState_isThatOfTheFirstFailure() {
        KafkaException errorState = new KafkaException(
                "Cannot execute transactional method because we are in an error state",
                new TopicAuthorizationException("no right to write"));

        assertThat(KafkaFailures.message(new CompletionException(errorState))).isEqualTo("no right to write");
    }

    @Test
    void message_specificFailure_isItsOwn() {
        assertThat(KafkaFailures.message(new TimeoutException("timed out", new KafkaException("inner"))))
                .isEqualTo("timed out");
        assertThat(KafkaFailures.message(new KafkaException("generation is over")))
                .isEqualTo("generation is over");
        assertThat(KafkaFailures.message(new InvalidRecordException(null))).contains("InvalidRecordException");
    }

    @Test
    void isRejection_onlyOfOneRecord() {
        assertThat(KafkaFailures.isRejection(new InvalidRecordException("no key")))
                .isTrue();
        assertThat(KafkaFailures.isRejection(new InvalidTimestampException("too old")))
                .isTrue();
        assertThat(KafkaFailures.isRejection(new RecordTooLargeException("too large")))
                .isTrue();
        assertThat(KafkaFailures.isRejection(new RecordBatchTooLargeException("too large")))
                .isTrue();
        assertThat(KafkaFailures.isRejection(new TopicAuthorizationException("no right")))
                .isFalse();
        assertThat(KafkaFailures.isRejection(new KafkaException("error state", new InvalidRecordException("other"))))
                .as("the failure of another record")
                .isFalse();
    }
}
