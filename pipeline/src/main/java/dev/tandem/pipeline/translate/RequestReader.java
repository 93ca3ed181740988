package dev.tandem.pipeline.translate;

import dev.tandem.actors.SamplerActor;
import dev.tandem.actors.SamplerActor.Given;
import dev.tandem.actors.SamplerActor.Latent;
import dev.tandem.actors.SamplerActor.Seeded;
import dev.tandem.actors.SamplerActor.Styled;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.Settings;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.Images;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.images.decode.SourceDecoder;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Latents;
import dev.tandem.model.train.Noise;
import dev.tandem.pipeline.consume.Records;
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
    private static final int SHARE_OF_HEAP = 4;
    private static final String RIGHT_HALF = "right-half";

    /** What a request says besides its picture. */
    @FunctionalInterface
    public interface Headers {
        Optional<String> text(String name);
    }

    private final Settings settings;
    private final boolean takesStyles;
    private final int latentLength;
    private final SourceDecoder decoder;

    /** @param takesStyles whether the model has an encoder */
    public RequestReader(Settings settings, boolean takesStyles) {
        this.settings = settings;
        this.takesStyles = takesStyles;
        this.latentLength = settings.model().latent();
        this.decoder = new SourceDecoder(settings.images(), settings.model());
    }

    /** A request as a record; without a seed of its own, its place decides. */
    TranslationRequest read(ConsumerRecord<byte[], byte[]> record) throws InvalidInput {
        return read(
                Records.value(record),
                name -> Records.header(record, name),
                Noise.hash(record.offset(), Records.partition(record).toString()));
    }

    /**
     * A request from anywhere.
     *
     * @param value the picture
     * @param headers the headers' texts by name
     * @param place seed of the latents if no header says another, so that the same request gives the same pictures
     */
    public TranslationRequest read(byte[] value, Headers headers, long place) throws InvalidInput {
        Optional<String> style = headers.text(STYLE_HEADER);
        refuseFramesBeside(headers, STYLE_HEADER);
        refuseFramesBeside(headers, LATENT_HEADER);
        if (style.isPresent()) {
            return styled(value, headers, style.get());
        }
        Tensor a = atModelSize(decoder.decode(value), settings.model().inputChannels());
        Optional<String> latent = headers.text(LATENT_HEADER);
        if (latent.isPresent()) {
            return request(a, samples(headers, 1), new Given(latent(latent.get())), OptionalLong.empty());
        }
        long seed = seed(headers, place);
        int samples = samples(headers, settings.translate().samples());
        Optional<String> frames = headers.text(FRAMES_HEADER);
        return frames.isPresent()
                ? animated(a, seed, samples, frames.get())
                : request(a, samples, new Seeded(seed), OptionalLong.of(seed));
    }

    /** On the way through the latents that would else be the samples'. */
    private TranslationRequest animated(Tensor a, long seed, int stops, String text) throws InvalidInput {
        int frames = count(FRAMES_HEADER, text, 2);
        if (latentLength == 0 || stops < 2) {
            throw bad(FRAMES_HEADER, text, "left out: a single latent does not move");
        }
        Tensor path = Latents.closedPath(Latents.drawn(seed, stops, latentLength), frames);
        return new TranslationRequest(
                new SamplerActor.Request(a, frames, new Given(path)), OptionalLong.of(seed), OptionalInt.of(stops));
    }

    private static void refuseFramesBeside(Headers headers, String other) throws InvalidInput {
        Optional<String> frames = headers.text(FRAMES_HEADER);
        if (frames.isPresent() && headers.text(other).isPresent()) {
            throw bad(FRAMES_HEADER, frames.get(), "left out beside " + other + ": an animation draws its latents");
        }
    }

    private TranslationRequest styled(byte[] value, Headers headers, String style) throws InvalidInput {
        if (!style.equals(RIGHT_HALF)) {
            throw bad(STYLE_HEADER, style, RIGHT_HALF);
        }
        requireEncoder();
        return styled(decoder.decodeWithStyle(value), headers);
    }

    /** A picture in the style of another. */
    public TranslationRequest read(byte[] value, byte[] style, Headers headers) throws InvalidInput {
        requireEncoder();
        return styled(new ImagePair(decoder.decode(value), decoder.decode(style)), headers);
    }

    private TranslationRequest styled(ImagePair pair, Headers headers) throws InvalidInput {
        Latent latent = new Styled(atModelSize(pair.b(), settings.model().outputChannels()));
        Tensor a = atModelSize(pair.a(), settings.model().inputChannels());
        return request(a, samples(headers, 1), latent, OptionalLong.empty());
    }

    private void requireEncoder() throws InvalidInput {
        if (!takesStyles) {
            throw new InvalidInput(Reason.BAD_HEADER, "header " + STYLE_HEADER + ": this model has no encoder");
        }
    }

    private static TranslationRequest request(Tensor a, int samples, Latent latent, OptionalLong seed) {
        return new TranslationRequest(new SamplerActor.Request(a, samples, latent), seed, OptionalInt.empty());
    }

    private int samples(Headers headers, int otherwise) throws InvalidInput {
        Optional<String> text = headers.text(SAMPLES_HEADER);
        return text.isPresent() ? count(SAMPLES_HEADER, text.get(), 1) : Math.min(otherwise, mostSamples());
    }

    private int count(String header, String text, int least) throws InvalidInput {
        int most = mostSamples();
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

    /** What is allowed, and what there is room for: input and output of each, once for the model and once more. */
    private int mostSamples() {
        ModelSettings model = settings.model();
        long floats = (long) model.imageSize().width()
                * model.imageSize().height()
                * (model.inputChannels() + model.outputChannels());
        long room = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP / (2 * Float.BYTES * floats);
        return (int) Math.max(1, Math.min(settings.translate().maxSamples(), room));
    }

    private static long seed(Headers headers, long place) throws InvalidInput {
        Optional<String> text = headers.text(SEED_HEADER);
        try {
            return text.map(String::trim).map(Long::parseLong).orElse(place);
        } catch (NumberFormatException e) {
            throw bad(SEED_HEADER, text.orElse(""), "a 64-bit integer");
        }
    }

    private Tensor latent(String text) throws InvalidInput {
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
        return Images.tensor(Images.resized(picture, width, height), channels, false);
    }

    private static InvalidInput bad(String header, String value, String expected) {
        String shown = value.length() > 60 ? value.substring(0, 60) + "..." : value;
        return new InvalidInput(
                Reason.BAD_HEADER, "header " + header + " is \"" + shown + "\", but must be " + expected);
    }
}
