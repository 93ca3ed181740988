package dev.tandem.pipeline.emit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.actors.SamplerActor.Result;
import dev.tandem.images.TestImages;
import dev.tandem.images.decode.ImageDecoder;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class TranslationRecordsTest {
    private static final byte[] KEY = {1, 2, 3};

    @Test
    void of_result_isOnePngPerSampleWithTheHeadersToReproduceIt() throws InvalidInput {
        Tensor z = Tensor.of(Shape.of(2, 2), 0.1f, -3e-8f, 1, 2);
        Result result = new Result(Tensor.zeros(2, 3, 8, 8), z, "checkpoint=none;step=4");

        List<ProducerRecord<byte[], byte[]>> records = new TranslationRecords("translations", "topic id")
                .of(new ConsumerRecord<>("sources", 2, 17, KEY, new byte[0]), result, OptionalLong.of(99));

        assertThat(records).hasSize(2);
        ProducerRecord<byte[], byte[]> first = records.get(0);
        assertThat(first.topic()).isEqualTo("translations");
        assertThat(first.key()).isEqualTo(KEY);
        assertThat(header(first, "tandem-source")).isEqualTo("sources-2-17");
        assertThat(header(first, "tandem-sample")).isEqualTo("1/2");
        assertThat(header(records.get(1), "tandem-sample")).isEqualTo("2/2");
        assertThat(header(first, "tandem-seed")).isEqualTo("99");
        assertThat(header(first, "tandem-model")).isEqualTo("checkpoint=none;step=4");
        String[] latent = header(first, "tandem-latent").split(",");
        assertThat(Float.parseFloat(latent[0])).isEqualTo(0.1f);
        assertThat(Float.parseFloat(latent[1])).isEqualTo(-3e-8f);
        assertThat(new ImageDecoder(TestImages.limits(1000, 1 << 20))
                        .decode(first.value())
                        .getWidth())
                .isEqualTo(8);
    }

    @Test
    void animation_result_isOneGifWithTheHeadersToReproduceIt() {
        Result result = new Result(Tensor.zeros(3, 3, 8, 8), Tensor.zeros(3, 2), "checkpoint=none;step=4");

        ProducerRecord<byte[], byte[]> record = new TranslationRecords("translations", "topic id")
                .animation(new ConsumerRecord<>("sources", 2, 17, KEY, new byte[0]), result, OptionalLong.of(99), 2);

        assertThat(new String(record.value(), 0, 6, StandardCharsets.US_ASCII)).isEqualTo("GIF89a");
        assertThat(header(record, "tandem-frames")).isEqualTo("3");
        assertThat(header(record, "tandem-samples")).isEqualTo("2");
        assertThat(header(record, "tandem-sample")).isEqualTo("1/1");
        assertThat(header(record, "tandem-seed")).isEqualTo("99");
        assertThat(header(record, "tandem-source")).isEqualTo("sources-2-17");
    }

    private static String header(ProducerRecord<byte[], byte[]> record, String name) {
        return new String(record.headers().lastHeader(name).value(), StandardCharsets.UTF_8);
    }
}
