package dev.tandem.app;

import static dev.tandem.testkit.client.HttpResponses.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.images.TestImages;
import dev.tandem.model.checkpoint.Checkpoint.PastPair;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.client.HttpTestClient;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.OutputRecords;
import dev.tandem.testkit.stream.RunResult;
import java.util.Collections;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** The settings {@code images.fit} and {@code images.resize} of a run: training, translation by Kafka and by HTTP. */
class ImageSettingsIT extends BrokerTest {
    private static final String LATENT = "1,0,0,0,0,0,0,-1";
    private static final byte RED = (byte) 0xff;
    private static final byte WHITE = (byte) 0xff;

    /** A is 64x16 pixels, so rows 12 to 19 of 32 are the image. Nearest-neighbour resizing adds no colour to A. */
    @Test
    void run_padAndNearestForA_trainsOnPaddedPairs() {
        byte[] pair = TestImages.png(TestImages.halves(128, 16, 0xff0000, 0x0000ff));
        kafka.produce(Collections.nCopies(4, new ProducerRecord<>("pad-pairs", pair)));

        RunResult result = runs.run("pad", "train")
                .set("images.fit=pad", "images.resize-a=nearest", "augment.load-ratio=1", "augment.flip=false")
                .set("train.replay.capacity=10", "train.replay.share=0")
                .stopAfterPairs(4)
                .complete();

        assertThat(result.deadLetters()).isZero();
        PastPair learnt = CheckpointStore.openNewest(result.checkpoint())
                .pastPairs(List.of(0))
                .get(0);
        assertThat(pixel(learnt.a(), 5, 11)).containsExactly(WHITE, WHITE, WHITE);
        assertThat(pixel(learnt.a(), 5, 12)).containsExactly(RED, 0, 0);
        assertThat(pixel(learnt.b(), 5, 15)).containsExactly(0, 0, RED);
        assertThat(pixel(learnt.b(), 31, 20)).containsExactly(WHITE, WHITE, WHITE);
    }

    @Test
    void run_pad_translatesTheSameByKafkaAndHttpAndRejectsInvalidLatents() {
        byte[] wide = TestImages.png(TestImages.halves(128, 16, 0xff0000, 0x0000ff));
        kafka.produce(List.of(request(wide, LATENT), request(wide, "1e38,0,0,0,0,0,0,0"), request(wide, "1,2")));
        HttpTestClient http = HttpTestClient.onFreePort();

        try (TandemProcess run = runs.runWithHttp("same", http.port())
                .set("images.fit=pad", "images.resize=nearest")
                .start()) {
            http.awaitReady(run);
            ConsumerRecord<byte[], byte[]> translation =
                    kafka.consume("same-translations", 1).get(0);
            List<ConsumerRecord<byte[], byte[]>> deadLetters = kafka.consume("same-dead", 2);

            assertThat(translation.value())
                    .isEqualTo(http.post("/v1/translations?latent=" + LATENT, "image/png", wide, "*/*")
                            .body());
            assertThat(deadLetters)
                    .extracting(OutputRecords::origin)
                    .containsExactlyInAnyOrder("same-sources-0-1", "same-sources-0-2");
            assertThat(deadLetters)
                    .allSatisfy(deadLetter -> assertThat(Records.header(deadLetter, "tandem-error"))
                            .hasValueSatisfying(error -> assertThat(error)
                                    .endsWith("must be 8 comma-separated numbers from -1000 to 1000")));
            JsonNode config = json(http.get("/config"));
            assertThat(config.path("images.resize-a").asText()).isEqualTo("nearest");
            assertThat(config.path("images.resize-b").asText()).isEqualTo("nearest");
        }
    }

    private static ProducerRecord<byte[], byte[]> request(byte[] image, String latent) {
        ProducerRecord<byte[], byte[]> request = new ProducerRecord<>("same-sources", image);
        request.headers().add("tandem-latent", latent.getBytes(UTF_8));
        return request;
    }

    private static byte[] pixel(byte[] image, int x, int y) {
        byte[] channels = new byte[3];
        for (int c = 0; c < 3; c++) {
            channels[c] = image[(c * 32 + y) * 32 + x];
        }
        return channels;
    }
}
