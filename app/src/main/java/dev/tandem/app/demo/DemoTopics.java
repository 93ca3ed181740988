package dev.tandem.app.demo;

import dev.tandem.app.demo.DemoData.HeldOut;
import dev.tandem.clients.KafkaToolClients;
import dev.tandem.clients.TranslationRecord;
import dev.tandem.config.Settings;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.pipeline.translate.RequestReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** The demo's side of Kafka: an ordinary producer and an ordinary consumer. */
record DemoTopics(Settings settings) {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    void produceSources(List<HeldOut> heldOut, int samples) {
        try (KafkaProducer<byte[], byte[]> producer = KafkaToolClients.producer(settings.kafka(), settings.topics())) {
            for (HeldOut source : heldOut) {
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                        settings.topics().sources(),
                        source.name().getBytes(StandardCharsets.UTF_8),
                        PngEncoder.encode(source.a()));
                record.headers()
                        .add(
                                RequestReader.SAMPLES_HEADER,
                                Integer.toString(samples).getBytes(StandardCharsets.UTF_8));
                producer.send(record);
            }
        }
    }

    /** Reads so many translations, or what comes before nothing comes: by name of the source, in order of the samples. */
    Map<String, List<byte[]>> consumeTranslations(int count) {
        Map<String, List<byte[]>> translations = new TreeMap<>();
        int received = 0;
        long lastCame = System.nanoTime();
        try (KafkaConsumer<byte[], byte[]> consumer = KafkaToolClients.consumer(settings.kafka(), "demo")) {
            consumer.subscribe(List.of(settings.topics().translations()));
            while (received < count && System.nanoTime() - lastCame < PATIENCE.toNanos()) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                    TranslationRecord translation = new TranslationRecord(record);
                    translations
                            .computeIfAbsent(translation.name(), name -> new ArrayList<>())
                            .add(translation.picture());
                    received++;
                    lastCame = System.nanoTime();
                }
            }
        }
        return translations;
    }
}
