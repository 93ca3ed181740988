package dev.tandem.clients.produce;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.pipeline.consume.KafkaFailures;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Sends pairs to the topic of pairs on request, in endless epochs. Every epoch has a new random order. */
public final class PairProducer implements AutoCloseable {
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ExecutorService sender = Executors.newSingleThreadExecutor();
    private final CompletableFuture<Void> failure = new CompletableFuture<>();
    private final List<byte[]> order;
    private final Random random;
    private int position;
    private volatile boolean stopped;

    /**
     * @param pairs encoded A|B images
     * @param seed of the orders
     */
    public PairProducer(Settings settings, List<byte[]> pairs, long seed) {
        this.topic = settings.topics().pairs();
        this.producer = KafkaToolClients.producer(settings.kafka(), settings.topics());
        this.order = new ArrayList<>(pairs);
        this.random = new Random(seed);
    }

    /** Sends the next {@code count} pairs in the background. */
    public void send(long count) {
        if (!stopped) {
            sender.execute(() -> sendNow(count));
        }
    }

    /** Completes exceptionally when Kafka rejects a pair, and never completes otherwise. */
    public CompletableFuture<Void> failure() {
        return failure;
    }

    /** Drops all pairs that are not sent yet. */
    public void stop() {
        stopped = true;
    }

    @Override
    public void close() {
        stop();
        sender.shutdown();
        producer.close();
    }

    private void sendNow(long count) {
        for (long i = 0; i < count && !stopped; i++) {
            if (position % order.size() == 0) {
                Collections.shuffle(order, random);
                position = 0;
            }
            producer.send(new ProducerRecord<>(topic, order.get(position++)), (metadata, exception) -> {
                if (exception != null && !stopped) {
                    failure.completeExceptionally(
                            new UserError("Kafka rejected a pair: " + KafkaFailures.message(exception), exception));
                }
            });
        }
    }
}
