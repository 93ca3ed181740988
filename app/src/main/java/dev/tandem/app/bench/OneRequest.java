package dev.tandem.app.bench;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.clients.TranslationRecord;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.pipeline.translate.RequestReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Asks for one translation of a picture through Kafka, and waits until a reader of what is committed has it. */
final class OneRequest implements Runnable, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofMinutes(10);

    private final String topic;
    private final byte[] picture;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private int asked;

    OneRequest(Settings settings, byte[] picture) {
        this.topic = settings.topics().sources();
        this.picture = picture.clone();
        this.producer = KafkaToolClients.producer(settings.kafka(), settings.topics());
        this.consumer = KafkaToolClients.consumer(settings.kafka(), "bench");
        consumer.subscribe(List.of(settings.topics().translations()));
    }

    @Override
    public void run() {
        String name = "request-" + asked++;
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(topic, name.getBytes(StandardCharsets.UTF_8), picture);
        record.headers().add(RequestReader.SAMPLES_HEADER, "1".getBytes(StandardCharsets.UTF_8));
        producer.send(record);
        producer.flush();
        long start = System.nanoTime();
        while (!answered(name)) {
            if (System.nanoTime() - start > PATIENCE.toNanos()) {
                throw new UserError("no translation came in " + PATIENCE.toMinutes() + " minutes");
            }
        }
    }

    private boolean answered(String name) {
        boolean answered = false;
        for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
            answered |= new TranslationRecord(record).name().equals(name);
        }
        return answered;
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }
}
