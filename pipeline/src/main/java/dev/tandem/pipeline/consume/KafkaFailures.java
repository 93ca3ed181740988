package dev.tandem.pipeline.consume;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.InvalidRecordException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.errors.RecordBatchTooLargeException;
import org.apache.kafka.common.errors.RecordTooLargeException;

/** Classifies failures of Kafka clients. */
public final class KafkaFailures {
    private KafkaFailures() {}

    /**
     * Returns the first cause. After the failure of one request, every call of a producer fails with a general
     * {@link KafkaException} ("in an error state"), which contains that failure.
     */
    public static Throwable cause(Throwable failure) {
        Throwable cause = failure;
        while (isGeneral(cause) && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** Returns the message of the first cause. */
    public static String message(Throwable failure) {
        Throwable cause = cause(failure);
        return Optional.ofNullable(cause.getMessage()).orElseGet(cause::toString);
    }

    /** Returns whether a topic permanently rejects this record, but accepts others. */
    public static boolean isRejection(Throwable failure) {
        return isTooLarge(failure)
                || failure instanceof InvalidRecordException
                || failure instanceof InvalidTimestampException;
    }

    /** Returns whether a topic rejects a record because of its size. */
    public static boolean isTooLarge(Throwable failure) {
        return failure instanceof RecordTooLargeException || failure instanceof RecordBatchTooLargeException;
    }

    private static boolean isGeneral(Throwable failure) {
        return failure.getClass() == KafkaException.class
                || failure instanceof CompletionException
                || failure instanceof ExecutionException;
    }
}
