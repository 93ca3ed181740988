package dev.tandem.testkit.stream;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.Timeouts;
import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.client.KafkaTestClient;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/**
 * What a user sees of a run, wherever it runs: the scenarios know only the addresses of Kafka and HTTP. A subclass
 * starts a broker and a run with default topics.
 */
public abstract class StreamScenarios {
    private static final int BATCH_SIZE = 8;

    public abstract String bootstrapServers();

    public abstract HttpTestClient http();

    @Test
    public void pairsAndRequests_validAndInvalid_areTrainedTranslatedAndDeadLettered() {
        await().atMost(Timeouts.HANG).until(() -> http().isReady());
        KafkaTestClient kafka = new KafkaTestClient(bootstrapServers());
        double before = http().metric("tandem_training_pairs");
        String key = "request-" + System.nanoTime();
        ProducerRecord<byte[], byte[]> request =
                new ProducerRecord<>("sources", key.getBytes(UTF_8), TestRecords.source());
        request.headers().add("tandem-samples", "2".getBytes(UTF_8));
        ProducerRecord<byte[], byte[]> invalid = new ProducerRecord<>("pairs", "not an image".getBytes(UTF_8));

        // The invalid record becomes a dead letter together with the next batch, so pairs must follow it.
        kafka.produce(Stream.concat(Stream.of(invalid, request), TestRecords.pairs("pairs", 2 * BATCH_SIZE).stream())
                .toList());

        List<ConsumerRecord<byte[], byte[]>> translations =
                kafka.consume("translations", 2, record -> key.equals(new String(record.key(), UTF_8)));
        assertThat(translations)
                .extracting(translation ->
                        Records.header(translation, "tandem-sample").orElse(""))
                .containsExactly("1/2", "2/2");
        await().atMost(Timeouts.HANG).until(() -> http().metric("tandem_training_pairs") >= before + 2 * BATCH_SIZE);
        await().atMost(Timeouts.HANG).until(() -> http().metric("tandem_dead_letters_total") >= 1);
        await().atMost(Timeouts.HANG).until(() -> http().metric("tandem_lag") == 0);
    }

    @Test
    public void dashboardAndApi_runReady_respond() {
        await().atMost(Timeouts.HANG).until(() -> http().isReady());

        assertThat(http().body("/")).contains("<title>Tandem</title>");
        assertThat(http().body("/v1/model")).contains("\"serving\":\"live\"");
        assertThat(http().body("/config")).contains("\"kafka.bootstrap-servers\":");
    }
}
