package dev.tandem.pipeline.translate;

import dev.tandem.actors.SamplerActor;
import dev.tandem.actors.SamplerActor.Given;
import dev.tandem.actors.SamplerActor.Latent;
import dev.tandem.actors.SamplerActor.Seeded;
import dev.tandem.actors.SamplerActor.Styled;
import dev.tandem.config.Settings;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import dev.tandem.model.train.Noise;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.decode.ImagePair;
import dev.tandem.pipeline.decode.Pictures;
import dev.tandem.pipeline.decode.SourceDecoder;
import dev.tandem.pipeline.decode.UnusableRecord;
import dev.tandem.pipeline.decode.UnusableRecord.Reason;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads a request: the picture A, and from the headers how many translations with which latents. */
public final class RequestReader {
    public static final String SAMPLES_HEADER = "tandem-samples";
    public static final String SEED_HEADER = "tandem-seed";
    public static final String LATENT_HEADER = "tandem-latent";
    public static final String STYLE_HEADER = "tandem-style";
    public static final String FRAMES_HEADER = "tandem-frames";
    private static final String RIGHT_HALF = "right-half";

    private final Settings settings;
    private final boolean takesStyles;
    private final int latentLength;
    private final SourceDecoder decoder;

    /** @param takesStyles whether the model has an encoder */
    RequestReader(Settings settings, boolean takesStyles) {
        this.settings = settings;
        this.takesStyles = takesStyles;
        this.latentLength = settings.model().latent();
        this.decoder = new SourceDecoder(settings.images(), settings.model());
    }

    TranslationRequest read(ConsumerRecord<byte[], byte[]> record) throws UnusableRecord {
        Optional<String> style = Records.header(record, STYLE_HEADER);
        refuseFramesBeside(record, STYLE_HEADER);
        refuseFramesBeside(record, LATENT_HEADER);
        if (style.isPresent()) {
            return styled(record, style.get());
        }
        Tensor a = atModelSize(
                decoder.decode(Records.value(record)), settings.model().inputChannels());
        Optional<String> latent = Records.header(record, LATENT_HEADER);
        if (latent.isPresent()) {
            return request(a, samples(record, 1), new Given(latent(latent.get())), OptionalLong.empty());
        }
        long seed = seed(record);
        int samples = samples(record, settings.translate().samples());
        Optional<String> frames = Records.header(record, FRAMES_HEADER);
        return frames.isPresent()
                ? animated(a, seed, samples, frames.get())
                : request(a, samples, new Seeded(seed), OptionalLong.of(seed));
    }

    /** On the way through the latents that would else be the samples'. */
    private TranslationRequest animated(Tensor a, long seed, int stops, String text) throws UnusableRecord {
        int frames = count(FRAMES_HEADER, text, 2);
        if (latentLength == 0 || stops < 2) {
            throw bad(FRAMES_HEADER, text, "left out: a single latent does not move");
        }
        Tensor path = Latents.closedPath(Latents.drawn(seed, stops, latentLength), frames);
        return new TranslationRequest(
                new SamplerActor.Request(a, frames, new Given(path)), OptionalLong.of(seed), OptionalInt.of(stops));
    }

    private static void refuseFramesBeside(ConsumerRecord<byte[], byte[]> record, String other) throws UnusableRecord {
        Optional<String> frames = Records.header(record, FRAMES_HEADER);
        if (frames.isPresent() && Records.header(record, other).isPresent()) {
            throw bad(FRAMES_HEADER, frames.get(), "left out beside " + other + ": an animation draws its latents");
        }
    }

    private TranslationRequest styled(ConsumerRecord<byte[], byte[]> record, String style) throws UnusableRecord {
        if (!style.equals(RIGHT_HALF)) {
            throw bad(STYLE_HEADER, style, RIGHT_HALF);
        }
        if (!takesStyles) {
            throw new UnusableRecord(Reason.BAD_HEADER, "header " + STYLE_HEADER + ": this model has no encoder");
        }
        ImagePair pair = decoder.decodeWithStyle(Records.value(record));
        Latent latent = new Styled(atModelSize(pair.b(), settings.model().outputChannels()));
        Tensor a = atModelSize(pair.a(), settings.model().inputChannels());
        return request(a, samples(record, 1), latent, OptionalLong.empty());
    }

    private static TranslationRequest request(Tensor a, int samples, Latent latent, OptionalLong seed) {
        return new TranslationRequest(new SamplerActor.Request(a, samples, latent), seed, OptionalInt.empty());
    }

    private int samples(ConsumerRecord<byte[], byte[]> record, int otherwise) throws UnusableRecord {
        Optional<String> text = Records.header(record, SAMPLES_HEADER);
        return text.isPresent() ? count(SAMPLES_HEADER, text.get(), 1) : otherwise;
    }

    private int count(String header, String text, int least) throws UnusableRecord {
        int most = settings.translate().maxSamples();
        try {
            int count = Integer.parseInt(text.trim());
            if (count >= least && count <= most) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Falls through to the one message for both.
        }
        throw bad(header, text, "a number from " + least + " to " + most);
    }

    /** Without a header the place of the record decides, so that the same request gives the same pictures. */
    private static long seed(ConsumerRecord<byte[], byte[]> record) throws UnusableRecord {
        Optional<String> text = Records.header(record, SEED_HEADER);
        try {
            return text.map(String::trim)
                    .map(Long::parseLong)
                    .orElseGet(() -> Noise.hash(
                            record.offset(), Records.partition(record).toString()));
        } catch (NumberFormatException e) {
            throw bad(SEED_HEADER, text.orElse(""), "a 64-bit integer");
        }
    }

    private Tensor latent(String text) throws UnusableRecord {
        String expected = latentLength + " finite numbers, comma-separated";
        String[] parts = text.split(",", -1);
        float[] z = new float[latentLength];
        if (parts.length != latentLength) {
            throw bad(LATENT_HEADER, text, expected);
        }
        try {
            for (int i = 0; i < latentLength; i++) {
                z[i] = Float.parseFloat(parts[i].trim());
                if (!Float.isFinite(z[i])) {
                    throw bad(LATENT_HEADER, text, expected);
                }
            }
        } catch (NumberFormatException e) {
            throw bad(LATENT_HEADER, text, expected);
        }
        return Tensor.of(Shape.of(1, latentLength), z);
    }

    private Tensor atModelSize(BufferedImage picture, int channels) {
        int width = settings.model().imageSize().width();
        int height = settings.model().imageSize().height();
        return Pictures.tensor(Pictures.resized(picture, width, height), channels, false);
    }

    private static UnusableRecord bad(String header, String value, String expected) {
        String shown = value.length() > 60 ? value.substring(0, 60) + "..." : value;
        return new UnusableRecord(
                Reason.BAD_HEADER, "header " + header + " is \"" + shown + "\", but must be " + expected);
    }
}
