package dev.tandem.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.clients.KafkaToolClients;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.pipeline.consume.Records;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** What a user sees of a broker and a run, wherever these two are: only Kafka's and HTTP's addresses are known. */
public abstract class StreamScenarios {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int BATCH = 8;

    public abstract String bootstrapServers();

    public abstract HttpGet http();

    @Test
    public void pairsAndRequests_areLearntTranslatedAndSortedOut() {
        await().atMost(PATIENCE).until(() -> http().status("/health/ready") == 200);
        double before = http().metric("tandem_training_pairs");
        String key = "request-" + System.nanoTime();
        ProducerRecord<byte[], byte[]> request = new ProducerRecord<>("sources", key.getBytes(UTF_8), Runs.source());
        request.headers().add("tandem-samples", "2".getBytes(UTF_8));

        // What is unusable goes with the pair behind it.
        produce(Stream.concat(
                        Stream.of(new ProducerRecord<byte[], byte[]>("pairs", "no picture".getBytes(UTF_8)), request),
                        Runs.pairs("pairs", 2 * BATCH).stream())
                .toList());

        List<ConsumerRecord<byte[], byte[]>> translations = consume("translations", key, 2);
        assertThat(translations)
                .extracting(translation ->
                        Records.header(translation, "tandem-sample").orElse(""))
                .containsExactly("1/2", "2/2");
        await().atMost(PATIENCE).until(() -> http().metric("tandem_training_pairs") >= before + 2 * BATCH);
        await().atMost(PATIENCE).until(() -> http().metric("tandem_dead_letters_total") >= 1);
        await().atMost(PATIENCE).until(() -> http().metric("tandem_lag") == 0);
    }

    @Test
    public void dashboardAndApi_answer() {
        await().atMost(PATIENCE).until(() -> http().status("/health/ready") == 200);

        assertThat(http().body("/")).contains("<title>Tandem</title>");
        assertThat(http().body("/v1/model")).contains("\"serving\":\"live\"");
        assertThat(http().body("/config")).contains("\"kafka.bootstrap-servers\":");
    }

    private Settings settings() {
        return SettingsLoader.load(Optional.empty(), List.of("kafka.bootstrap-servers=" + bootstrapServers()));
    }

    private void produce(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer =
                KafkaToolClients.producer(settings().kafka(), settings().topics())) {
            records.forEach(producer::send);
        }
    }

    private List<ConsumerRecord<byte[], byte[]>> consume(String topic, String key, int count) {
        List<ConsumerRecord<byte[], byte[]>> found = new ArrayList<>();
        try (KafkaConsumer<byte[], byte[]> consumer =
                KafkaToolClients.consumer(settings().kafka(), key)) {
            consumer.subscribe(Set.of(topic));
            await().atMost(PATIENCE).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (key.equals(new String(record.key(), UTF_8))) {
                        found.add(record);
                    }
                });
                return found.size() >= count;
            });
        }
        return found;
    }
}
