package dev.tandem.pipeline.emit;

import dev.tandem.actors.SamplerActor.Result;
import dev.tandem.images.decode.Images;
import dev.tandem.images.encode.GifEncoder;
import dev.tandem.images.encode.PngEncoder;
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

/** The records of one request's translations; their headers say all that is needed to make the same picture again. */
public record TranslationRecords(String topic) {
    public static final String SOURCE = "tandem-source";
    public static final String SAMPLE = "tandem-sample";
    public static final String LATENT = "tandem-latent";
    public static final String SEED = "tandem-seed";
    public static final String MODEL = "tandem-model";
    public static final String FRAMES = "tandem-frames";
    public static final String STOPS = "tandem-samples";

    private static final int FRAME_MILLIS = 80;

    /** @param seed the seed of the latents, if they were drawn */
    public List<ProducerRecord<byte[], byte[]>> of(
            ConsumerRecord<byte[], byte[]> request, Result result, OptionalLong seed) {
        int samples = result.b().shape().batch();
        List<ProducerRecord<byte[], byte[]>> records = new ArrayList<>();
        for (int i = 0; i < samples; i++) {
            byte[] png = PngEncoder.encode(Images.image(result.b().rows(i, i + 1)));
            ProducerRecord<byte[], byte[]> record = record(request, png, result, seed);
            add(record, SAMPLE, i + 1 + "/" + samples);
            if (result.z().shape().channels() > 0) {
                add(record, LATENT, text(result.z().rows(i, i + 1)));
            }
            records.add(record);
        }
        return records;
    }

    /**
     * All of a result as the frames of one GIF; seed, number of drawn latents and number of frames say what its latents
     * were.
     *
     * @param stops how many latents were drawn
     */
    public ProducerRecord<byte[], byte[]> animation(
            ConsumerRecord<byte[], byte[]> request, Result result, OptionalLong seed, int stops) {
        int frames = result.b().shape().batch();
        Stream<BufferedImage> pictures =
                IntStream.range(0, frames).mapToObj(i -> Images.image(result.b().rows(i, i + 1)));
        ProducerRecord<byte[], byte[]> record =
                record(request, GifEncoder.encode(pictures, FRAME_MILLIS), result, seed);
        add(record, SAMPLE, "1/1");
        add(record, FRAMES, Integer.toString(frames));
        add(record, STOPS, Integer.toString(stops));
        return record;
    }

    private ProducerRecord<byte[], byte[]> record(
            ConsumerRecord<byte[], byte[]> request, byte[] value, Result result, OptionalLong seed) {
        ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(topic, request.key(), value);
        add(record, SOURCE, Records.origin(request));
        add(record, MODEL, result.model());
        seed.ifPresent(number -> add(record, SEED, Long.toString(number)));
        return record;
    }

    /** Numbers that read back to the very same floats. */
    public static String text(Tensor latent) {
        StringBuilder text = new StringBuilder();
        for (float value : latent.data()) {
            text.append(text.isEmpty() ? "" : ",").append(value);
        }
        return text.toString();
    }

    private static void add(ProducerRecord<byte[], byte[]> record, String name, String text) {
        record.headers().add(name, text.getBytes(StandardCharsets.UTF_8));
    }
}
