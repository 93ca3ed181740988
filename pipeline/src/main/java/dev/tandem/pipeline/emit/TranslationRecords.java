package dev.tandem.pipeline.emit;

import dev.tandem.actors.SamplerActor.Result;
import dev.tandem.images.decode.Images;
import dev.tandem.images.encode.GifEncoder;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.images.encode.TranslationMetadata;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.pipeline.consume.Records;
import java.awt.image.BufferedImage;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Output records of a request. Their headers contain everything that is needed to reproduce the images.
 *
 * @param topic topic of the translations
 * @param sourceTopicId the broker's id of the topic of the requests
 */
public record TranslationRecords(String topic, String sourceTopicId) {
    public static final String SOURCE = "tandem-source";
    public static final String FRAMES = "tandem-frames";
    public static final String SAMPLES = "tandem-samples";

    private static final int FRAME_MILLIS = 80;

    /**
     * Returns one PNG record per translation.
     *
     * @param seed seed of the latents, if they are random
     */
    public List<ProducerRecord<byte[], byte[]>> of(
            ConsumerRecord<byte[], byte[]> request, Result result, OptionalLong seed) {
        int samples = result.b().shape().batch();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            byte[] png = PngEncoder.encode(Images.image(result.b().rows(i, i + 1)));
            ProducerRecord<byte[], byte[]> record = record(request, png);
            new TranslationMetadata(result.model(), i + 1, samples, result.z().rows(i, i + 1), seed)
                    .texts()
                    .forEach((header, text) -> add(record, header, text));
            records.add(record);
        }
        return records;
    }

    /**
     * Returns one GIF record with all translations as its frames. Seed, number of random latents and number of frames
     * determine the latents of the frames.
     *
     * @param samples number of random latents on the path
     */
    public ProducerRecord<byte[], byte[]> animation(
            ConsumerRecord<byte[], byte[]> request, Result result, OptionalLong seed, int samples) {
        int frames = result.b().shape().batch();
        Stream<BufferedImage> images =
                IntStream.range(0, frames).mapToObj(i -> Images.image(result.b().rows(i, i + 1)));
        ProducerRecord<byte[], byte[]> record = record(request, GifEncoder.encode(images, FRAME_MILLIS));
        new TranslationMetadata(result.model(), 1, 1, Tensor.zeros(1, 0), seed)
                .texts()
                .forEach((header, text) -> add(record, header, text));
        add(record, FRAMES, Integer.toString(frames));
        add(record, SAMPLES, Integer.toString(samples));
        return record;
    }

    private ProducerRecord<byte[], byte[]> record(ConsumerRecord<byte[], byte[]> request, byte[] value) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, request.key(), value);
        add(record, SOURCE, Records.origin(request));
        add(record, Records.SOURCE_TOPIC_ID, sourceTopicId);
        return record;
    }

    private static void add(ProducerRecord<byte[], byte[]> record, String header, String text) {
        record.headers().add(header, text.getBytes(StandardCharsets.UTF_8));
    }
}
