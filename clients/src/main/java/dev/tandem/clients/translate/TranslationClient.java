package dev.tandem.clients.translate;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.clients.RecordLimits;
import dev.tandem.clients.TranslationRecord;
import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.pipeline.consume.KafkaFailures;
import dev.tandem.pipeline.translate.RequestReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.InterruptException;

/** Sends translation requests and reads the committed translations. */
public final class TranslationClient implements AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);

    private final Settings settings;
    private final KafkaProducer<byte[], byte[]> producer;
    private final KafkaConsumer<byte[], byte[]> consumer;

    /** @param group the consumer group that reads the translations */
    public TranslationClient(Settings settings, String group) {
        this.settings = settings;
        this.producer = KafkaToolClients.producer(settings.kafka(), settings.topics());
        this.consumer = KafkaToolClients.consumer(settings.kafka(), group);
        consumer.subscribe(List.of(settings.topics().translations()));
    }

    /**
     * Requests translations of several images, and reads them until all have arrived or none has arrived during the idle
     * timeout.
     *
     * @param images encoded images by name
     * @param samples translations per image
     * @return encoded translations by name, in the order of the samples
     * @throws UserError if Kafka rejects a request
     */
    public Map<String, List<byte[]>> translate(Map<String, byte[]> images, int samples, Duration idleTimeout) {
        images.forEach((name, image) -> request(name, image, samples));
        Map<String, List<byte[]>> translations = new TreeMap<>();
        int missing = images.size() * samples;
        long lastRecordNanos = System.nanoTime();
        while (missing > 0 && System.nanoTime() - lastRecordNanos < idleTimeout.toNanos()) {
            for (TranslationRecord translation : poll()) {
                translations
                        .computeIfAbsent(translation.name(), name -> new ArrayList<>())
                        .add(translation.image());
                missing--;
                lastRecordNanos = System.nanoTime();
            }
        }
        return translations;
    }

    /**
     * Requests one translation and waits until it is committed.
     *
     * @param image the encoded image
     * @throws UserError if Kafka rejects the request, or the translation does not arrive before the timeout
     */
    public void translateOne(String name, byte[] image, Duration timeout) {
        request(name, image, 1);
        long start = System.nanoTime();
        while (poll().stream().noneMatch(translation -> translation.name().equals(name))) {
            if (System.nanoTime() - start > timeout.toNanos()) {
                throw new UserError("no translation arrived within " + timeout.toMinutes()
                        + " minutes; see the log above for the cause");
            }
        }
    }

    @Override
    public void close() {
        producer.close();
        consumer.close();
    }

    private void request(String name, byte[] image, int samples) {
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(settings.topics().sources(), name.getBytes(StandardCharsets.UTF_8), image);
        record.headers()
                .add(RequestReader.SAMPLES_HEADER, Integer.toString(samples).getBytes(StandardCharsets.UTF_8));
        Future<RecordMetadata> sent = producer.send(record);
        producer.flush();
        try {
            sent.get();
        } catch (ExecutionException e) {
            throw new UserError("Kafka rejected the request " + name + ": " + reason(record, e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptException(e);
        }
    }

    /** Names the limit that the record exceeds, which the message of the failure does not. */
    private String reason(ProducerRecord<byte[], byte[]> record, ExecutionException failure) {
        return RecordLimits.of(settings, List.of(record.topic()))
                .rejection(record)
                .orElseGet(() -> KafkaFailures.message(failure));
    }

    private List<TranslationRecord> poll() {
        List<TranslationRecord> translations = new ArrayList<>();
        consumer.poll(POLL).forEach(record -> translations.add(new TranslationRecord(record)));
        return translations;
    }
}
