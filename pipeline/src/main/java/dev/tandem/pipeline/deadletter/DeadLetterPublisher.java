package dev.tandem.pipeline.deadletter;

import dev.tandem.images.decode.InvalidInput;
import dev.tandem.pipeline.consume.KafkaClients;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.pekko.Done;
import org.apache.pekko.kafka.javadsl.SendProducer;

/** Sends invalid pairs to dead letters, at least once. */
public final class DeadLetterPublisher {
    private final DeadLetterRecords deadLetters;
    private final Producer<byte[], byte[]> client;
    private final SendProducer<byte[], byte[]> producer;

    public DeadLetterPublisher(KafkaClients clients) {
        this.deadLetters = new DeadLetterRecords(clients.topics().deadLetters());
        this.client = clients.producer().createKafkaProducer();
        this.producer = new SendProducer<>(clients.producer().withProducer(client), clients.system());
    }

    /** Completes when the broker has acknowledged the dead letter. */
    public CompletionStage<Done> send(ConsumerRecord<byte[], byte[]> record, InvalidInput cause) {
        return sendFirstThatFits(deadLetters.of(record, cause));
    }

    public CompletionStage<Done> close() {
        return producer.close();
    }

    /** Closes immediately. A dead letter in flight is sent again after the restart. */
    public void abort() {
        client.close(Duration.ZERO);
    }

    private CompletionStage<Done> sendFirstThatFits(List<ProducerRecord<byte[], byte[]>> candidates) {
        return producer.send(candidates.get(0))
                .<Done>thenApply(sent -> Done.getInstance())
                .exceptionallyCompose(failure -> isTooLarge(failure) && candidates.size() > 1
                        ? sendFirstThatFits(candidates.subList(1, candidates.size()))
                        : CompletableFuture.failedFuture(failure));
    }

    private static boolean isTooLarge(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof RecordTooLargeException;
    }
}
