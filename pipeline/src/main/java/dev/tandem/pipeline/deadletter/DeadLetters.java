package dev.tandem.pipeline.deadletter;

import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.decode.UnusableRecord;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Headers;
import org.apache.pekko.Done;
import org.apache.pekko.kafka.javadsl.SendProducer;

/** Sends unusable records on, untouched, with the reason in headers. */
public final class DeadLetters {
    public static final String REASON = "tandem-reason";
    public static final String ERROR = "tandem-error";
    public static final String ERROR_CLASS = "tandem-error-class";
    public static final String ORIGIN = "tandem-origin";
    /** The value's length in bytes, where the value itself was too large to send on. */
    public static final String DROPPED_VALUE = "tandem-dropped-value";

    private final String topic;
    private final SendProducer<byte[], byte[]> producer;

    public DeadLetters(KafkaClients clients) {
        this.topic = clients.topics().deadLetters();
        this.producer = new SendProducer<>(clients.producer(), clients.system());
    }

    /** Completes when the broker has it. */
    public CompletionStage<Done> send(ConsumerRecord<byte[], byte[]> record, UnusableRecord why) {
        ProducerRecord<byte[], byte[]> letter = letter(record, record.value(), why);
        return producer.send(letter)
                .exceptionallyCompose(failure -> {
                    if (!isTooLarge(failure)) {
                        return CompletableFuture.failedFuture(failure);
                    }
                    ProducerRecord<byte[], byte[]> empty = letter(record, null, why);
                    add(empty.headers(), DROPPED_VALUE, Integer.toString(Records.value(record).length));
                    return producer.send(empty);
                })
                .thenApply(sent -> Done.getInstance());
    }

    public CompletionStage<Done> close() {
        return producer.close();
    }

    private ProducerRecord<byte[], byte[]> letter(
            ConsumerRecord<byte[], byte[]> record, byte[] value, UnusableRecord why) {
        ProducerRecord<byte[], byte[]> letter =
                new ProducerRecord<>(topic, null, record.key(), value, record.headers());
        add(letter.headers(), REASON, why.reason().name());
        add(letter.headers(), ERROR, String.valueOf(why.getMessage()));
        add(letter.headers(), ERROR_CLASS, why.getClass().getName());
        add(letter.headers(), ORIGIN, Records.place(record));
        return letter;
    }

    private static void add(Headers headers, String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean isTooLarge(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RecordTooLargeException;
    }
}
