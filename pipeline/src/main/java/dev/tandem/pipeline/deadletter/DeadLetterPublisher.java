package dev.tandem.pipeline.deadletter;

import dev.tandem.images.decode.InvalidInput;
import dev.tandem.pipeline.consume.KafkaClients;
import dev.tandem.pipeline.consume.KafkaFailures;
import dev.tandem.pipeline.consume.Records;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
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

    /**
     * Completes when the broker has acknowledged the dead letter. Fails with a
     * {@link dev.tandem.config.SettingsException} if the topic rejects even its smallest variant.
     */
    public CompletionStage<Done> send(ConsumerRecord<byte[], byte[]> record, InvalidInput cause) {
        return sendFirstAccepted(deadLetters.of(record, cause), Records.origin(record));
    }

    public CompletionStage<Done> close() {
        return producer.close();
    }

    /** Closes immediately. A dead letter in flight is sent again after the restart. */
    public void abort() {
        client.close(Duration.ZERO);
    }

    private CompletionStage<Done> sendFirstAccepted(List<ProducerRecord<byte[], byte[]>> variants, String origin) {
        return producer.send(variants.get(0))
                .<Done>thenApply(sent -> Done.getInstance())
                .exceptionallyCompose(failure -> {
                    Throwable cause = KafkaFailures.cause(failure);
                    if (!KafkaFailures.isRejection(cause)) {
                        return CompletableFuture.failedFuture(cause);
                    }
                    return variants.size() > 1
                            ? sendFirstAccepted(variants.subList(1, variants.size()), origin)
                            : CompletableFuture.failedFuture(DeadLetterRecords.rejected(origin, cause));
                });
    }
}
