package dev.tandem.app;

import static dev.tandem.testkit.Runs.result;
import static dev.tandem.testkit.Runs.source;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.pipeline.consume.Records;
import dev.tandem.testkit.Runs;
import dev.tandem.testkit.TandemProcess;
import dev.tandem.testkit.WithBroker;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

/** Requests that are answered with an animation. */
class AnimationIT extends WithBroker {

    @Test
    void run_requestForFrames_isAnsweredWithOneAnimation() throws IOException {
        result(runs.start("frames", "--stop-after-pairs", "0"));
        request("frames", 6);

        try (TandemProcess run = runs.start("frames")) {
            ConsumerRecord<byte[], byte[]> answer =
                    broker.consume("frames-translations", 1).get(0);

            assertThat(Records.header(answer, "tandem-frames")).as(run.err()).hasValue("6");
            assertThat(Records.header(answer, "tandem-seed")).hasValue("1");
            ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
            try (ImageInputStream stream = ImageIO.createImageInputStream(new ByteArrayInputStream(answer.value()))) {
                reader.setInput(stream);
                assertThat(reader.getNumImages(true)).isEqualTo(6);
                assertThat(reader.getWidth(0)).isEqualTo(Runs.SIDE);
            }
        }
    }

    @Test
    void run_animationLargerThanARecord_isADeadLetterAndTheRunGoesOn() {
        String[] settings = {"--set", "topics.max-message-bytes=64 KiB", "--set", "train.init.type=kaiming"};
        result(runs.start("large", concat(settings, "--stop-after-pairs", "0")));
        request("large", 64);
        request("large", 2);

        try (TandemProcess run = runs.start("large", settings)) {
            ConsumerRecord<byte[], byte[]> letter =
                    broker.consume("large-dead", 1).get(0);
            ConsumerRecord<byte[], byte[]> answer =
                    broker.consume("large-translations", 1).get(0);

            assertThat(Records.header(letter, "tandem-reason")).as(run.err()).hasValue("ANSWER_TOO_LARGE");
            assertThat(Records.header(letter, "tandem-error").orElseThrow()).contains("ask for fewer frames");
            assertThat(Records.header(answer, "tandem-frames")).hasValue("2");
        }
    }

    private void request(String name, int frames) {
        ProducerRecord<byte[], byte[]> request =
                new ProducerRecord<>(name + "-sources", "drawing".getBytes(UTF_8), source());
        request.headers()
                .add("tandem-frames", Integer.toString(frames).getBytes(UTF_8))
                .add("tandem-samples", "3".getBytes(UTF_8))
                .add("tandem-seed", "1".getBytes(UTF_8));
        broker.produce(List.of(request));
    }

    private static String[] concat(String[] some, String... more) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(more)).toArray(String[]::new);
    }
}
