package dev.tandem.testkit.stream;

import dev.tandem.datasets.Dataset;
import dev.tandem.datasets.Shapes;
import dev.tandem.images.encode.PngEncoder;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Input records for runs of a small model: drawn pairs and sources as PNG, always the same. */
public final class TestRecords {
    /** Width and height of a source, in pixels. A pair is twice as wide. */
    public static final int IMAGE_SIZE = 32;

    private TestRecords() {}

    public static List<ProducerRecord<byte[], byte[]>> pairs(String topic, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> new ProducerRecord<byte[], byte[]>(topic, pair(i)))
                .toList();
    }

    public static byte[] pair(int index) {
        return PngEncoder.encode(example(index).render(IMAGE_SIZE));
    }

    /** The input side of pair 0. */
    public static byte[] source() {
        return PngEncoder.encode(example(0).render(IMAGE_SIZE).getSubimage(0, 0, IMAGE_SIZE, IMAGE_SIZE));
    }

    /** The origins {@code topic-0-offset} of the first records of a topic with one partition. */
    public static List<String> origins(String topic, int count) {
        return IntStream.range(0, count).mapToObj(i -> topic + "-0-" + i).toList();
    }

    private static Dataset.Example example(int index) {
        return Shapes.generate(1).examples().get(index);
    }
}
