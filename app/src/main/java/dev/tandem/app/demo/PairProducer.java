package dev.tandem.app.demo;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.model.train.Noise;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Puts pairs on their topic, as many as are asked for, in an order drawn anew for each pass over the data. */
public final class PairProducer implements AutoCloseable {
    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();
    private final CompletableFuture<Void> failed = new CompletableFuture<>();
    private final List<byte[]> order;
    private final Random random;
    private int position;
    private volatile boolean stopped;

    public PairProducer(Settings settings, List<byte[]> pairs) {
        this.topic = settings.topics().pairs();
        this.producer = KafkaToolClients.producer(settings.kafka(), settings.topics());
        this.order = new ArrayList<>(pairs);
        this.random = new Random(Noise.hash(settings.train().seed(), "demo.order"));
    }

    /** Sends so many more, in the background. */
    public void feed(long count) {
        if (!stopped) {
            thread.execute(() -> send(count));
        }
    }

    /** Fails when Kafka does not take a pair; otherwise never completes. */
    public CompletableFuture<Void> failed() {
        return failed;
    }

    private void send(long count) {
        for (long i = 0; i < count && !stopped; i++) {
            if (position % order.size() == 0) {
                Collections.shuffle(order, random);
                position = 0;
            }
            producer.send(new ProducerRecord<>(topic, order.get(position++)), (metadata, failure) -> {
                if (failure != null && !stopped) {
                    failed.completeExceptionally(
                            new UserError("Kafka did not take a pair: " + failure.getMessage(), failure));
                }
            });
        }
    }

    /** Sends nothing more. */
    public void stop() {
        stopped = true;
    }

    @Override
    public void close() {
        stop();
        thread.shutdown();
        producer.close();
    }
}
