package dev.tandem.app;

import static dev.tandem.testkit.stream.TestRecords.source;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.TestRecords;
import dev.tandem.testkit.stream.TestRun;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Requests for an animation. */
class AnimationIT extends BrokerTest {

    @Test
    void run_requestForFrames_writesOneAnimation() throws IOException {
        runs.run("frames").stopAfterPairs(0).complete();
        produceRequest("frames", 6);

        try (TandemProcess run = runs.run("frames").start()) {
            ConsumerRecord<byte[], byte[]> animation =
                    kafka.consume("frames-translations", 1).get(0);

            assertThat(Records.header(animation, "tandem-frames")).as(run.err()).hasValue("6");
            assertThat(Records.header(animation, "tandem-seed")).hasValue("1");
            ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
            try (ImageInputStream stream =
                    ImageIO.createImageInputStream(new ByteArrayInputStream(animation.value()))) {
                reader.setInput(stream);
                assertThat(reader.getNumImages(true)).isEqualTo(6);
                assertThat(reader.getWidth(0)).isEqualTo(TestRecords.IMAGE_SIZE);
            }
        }
    }

    @Test
    void run_animationLargerThanARecord_writesADeadLetterAndTranslatesTheNextRequest() {
        TestRun large = runs.run("large").set("topics.max-message-bytes=64 KiB", "train.init.type=kaiming");
        large.stopAfterPairs(0).complete();
        produceRequest("large", 64);
        produceRequest("large", 2);

        try (TandemProcess run = large.start()) {
            ConsumerRecord<byte[], byte[]> deadLetter =
                    kafka.consume("large-dead", 1).get(0);
            ConsumerRecord<byte[], byte[]> animation =
                    kafka.consume("large-translations", 1).get(0);

            assertThat(Records.header(deadLetter, "tandem-reason"))
                    .as(run.err())
                    .hasValue("ANSWER_TOO_LARGE");
            assertThat(Records.header(deadLetter, "tandem-error").orElseThrow()).contains("ask for fewer frames");
            assertThat(Records.header(animation, "tandem-frames")).hasValue("2");
        }
    }

    private static void produceRequest(String name, int frames) {
        ProducerRecord<byte[], byte[]> request =
                new ProducerRecord<>(name + "-sources", "drawing".getBytes(UTF_8), source());
        request.headers()
                .add("tandem-frames", Integer.toString(frames).getBytes(UTF_8))
                .add("tandem-samples", "3".getBytes(UTF_8))
                .add("tandem-seed", "1".getBytes(UTF_8));
        kafka.produce(List.of(request));
    }
}
