package dev.tandem.pipeline.translate;

import dev.tandem.actors.SamplerActor;
import dev.tandem.actors.SamplerActor.Given;
import dev.tandem.actors.SamplerActor.Latent;
import dev.tandem.actors.SamplerActor.Seeded;
import dev.tandem.actors.SamplerActor.Styled;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.Settings;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.ImageScaler;
import dev.tandem.images.decode.Images;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.InvalidInput.Reason;
import dev.tandem.images.decode.SourceDecoder;
import dev.tandem.images.encode.TranslationMetadata;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.LatentText;
import dev.tandem.model.train.Latents;
import dev.tandem.model.train.Noise;
import dev.tandem.pipeline.consume.Records;
import java.awt.image.BufferedImage;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Reads a request: the image A from the value, number and kind of latents from the headers. */
public final class RequestReader {
    public static final String SAMPLES_HEADER = "tandem-samples";
    public static final String SEED_HEADER = TranslationMetadata.SEED;
    public static final String LATENT_HEADER = TranslationMetadata.LATENT;
    public static final String STYLE_HEADER = "tandem-style";
    public static final String FRAMES_HEADER = "tandem-frames";
    /** One request may use a quarter of the heap. */
    private static final int HEAP_DIVISOR = 4;

    private static final int MAX_QUOTED_LENGTH = 60;
    private static final String RIGHT_HALF = "right-half";

    /** The headers of a request, by name. */
    @FunctionalInterface
    public interface Headers {
        Optional<String> text(String name);
    }

    private final Settings settings;
    private final BooleanSupplier hasEncoder;
    private final int latentLength;
    private final SourceDecoder decoder;
    private final ImageScaler scaler;

    /** @param hasEncoder whether the model has an encoder, which requests with a style need */
    public RequestReader(Settings settings, BooleanSupplier hasEncoder) {
        this.settings = settings;
        this.hasEncoder = hasEncoder;
        this.latentLength = settings.model().latent();
        this.decoder = new SourceDecoder(settings.images(), settings.model());
        this.scaler =
                new ImageScaler(settings.images().scaling(), settings.model().imageSize());
    }

    /** Reads a request from a record. The default seed is a hash of topic, partition and offset. */
    TranslationRequest read(ConsumerRecord<byte[], byte[]> record) throws InvalidInput {
        return read(
                Records.value(record),
                name -> Records.header(record, name),
                Noise.hash(record.offset(), Records.partition(record).toString()));
    }

    /**
     * Reads a request of any origin.
     *
     * @param value the encoded image
     * @param defaultSeed seed of the latents without a header {@value #SEED_HEADER}; a hash of the request, so that the
     *     same request gets the same translations
     * @throws InvalidInput if the image or a header is invalid
     */
    public TranslationRequest read(byte[] value, Headers headers, long defaultSeed) throws InvalidInput {
        Optional<String> style = headers.text(STYLE_HEADER);
        rejectFramesWith(STYLE_HEADER, headers);
        rejectFramesWith(LATENT_HEADER, headers);
        if (style.isPresent()) {
            return styled(value, style.get(), headers);
        }
        Tensor a = decoder.decode(value, this::input);
        Optional<String> latent = headers.text(LATENT_HEADER);
        if (latent.isPresent()) {
            return request(a, samples(headers, 1), new Given(latent(latent.get())), OptionalLong.empty());
        }
        long seed = seed(headers, defaultSeed);
        int samples = samples(headers, settings.translate().samples());
        Optional<String> frames = headers.text(FRAMES_HEADER);
        return frames.isPresent()
                ? animated(a, seed, samples, frames.get())
                : request(a, samples, new Seeded(seed), OptionalLong.of(seed));
    }

    /**
     * Reads a request for a translation of one image in the style of another.
     *
     * @param style the encoded image B with the style
     * @throws InvalidInput if an image or a header is invalid, or the model has no encoder
     */
    public TranslationRequest read(byte[] value, byte[] style, Headers headers) throws InvalidInput {
        requireEncoder();
        return decoder.decode(value, style, pair -> styled(pair, headers));
    }

    /** The frames follow a closed path through the random latents of the samples. */
    private TranslationRequest animated(Tensor a, long seed, int samples, String text) throws InvalidInput {
        int frames = count(FRAMES_HEADER, text, 2);
        if (latentLength == 0 || samples < 2) {
            throw invalidHeader(FRAMES_HEADER, text, "absent: an animation needs at least two random latents");
        }
        Tensor path = Latents.closedPath(Latents.random(seed, samples, latentLength), frames);
        return new TranslationRequest(
                new SamplerActor.Request(a, frames, new Given(path)), OptionalLong.of(seed), OptionalInt.of(samples));
    }

    private static void rejectFramesWith(String other, Headers headers) throws InvalidInput {
        Optional<String> frames = headers.text(FRAMES_HEADER);
        if (frames.isPresent() && headers.text(other).isPresent()) {
            throw invalidHeader(
                    FRAMES_HEADER,
                    frames.get(),
                    "absent together with " + other + ": an animation uses random latents");
        }
    }

    private TranslationRequest styled(byte[] value, String style, Headers headers) throws InvalidInput {
        if (!style.equals(RIGHT_HALF)) {
            throw invalidHeader(STYLE_HEADER, style, RIGHT_HALF);
        }
        requireEncoder();
        return decoder.decodeWithStyle(value, pair -> styled(pair, headers));
    }

    private TranslationRequest styled(ImagePair pair, Headers headers) throws InvalidInput {
        Latent latent =
                new Styled(Images.tensor(scaler.b(pair.b()), settings.model().outputChannels(), false));
        return request(input(pair.a()), samples(headers, 1), latent, OptionalLong.empty());
    }

    private void requireEncoder() throws InvalidInput {
        if (!hasEncoder.getAsBoolean()) {
            throw new InvalidInput(
                    Reason.BAD_HEADER,
                    "header " + STYLE_HEADER + ": this model has no encoder; send a seed or a latent instead");
        }
    }

    private static TranslationRequest request(Tensor a, int samples, Latent latent, OptionalLong seed) {
        return new TranslationRequest(new SamplerActor.Request(a, samples, latent), seed, OptionalInt.empty());
    }

    private int samples(Headers headers, int defaultSamples) throws InvalidInput {
        Optional<String> text = headers.text(SAMPLES_HEADER);
        return text.isPresent() ? count(SAMPLES_HEADER, text.get(), 1) : Math.min(defaultSamples, maxSamples());
    }

    private int count(String header, String text, int min) throws InvalidInput {
        int max = maxSamples();
        try {
            int count = Integer.parseInt(text.trim());
            if (count >= min && count <= max) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Same message as for a number out of range.
        }
        throw invalidHeader(header, text, "a number from " + min + " to " + max);
    }

    /** Returns the limit of the settings or of the heap. A sample has an input and an output, and a copy of each. */
    private int maxSamples() {
        ModelSettings model = settings.model();
        long floats = (long) model.imageSize().width()
                * model.imageSize().height()
                * (model.inputChannels() + model.outputChannels());
        long fitting = Runtime.getRuntime().maxMemory() / HEAP_DIVISOR / (2 * Float.BYTES * floats);
        return (int) Math.max(1, Math.min(settings.translate().maxSamples(), fitting));
    }

    private static long seed(Headers headers, long defaultSeed) throws InvalidInput {
        Optional<String> text = headers.text(SEED_HEADER);
        try {
            return text.map(String::trim).map(Long::parseLong).orElse(defaultSeed);
        } catch (NumberFormatException e) {
            throw invalidHeader(SEED_HEADER, text.orElse(""), "a 64-bit integer");
        }
    }

    private Tensor latent(String text) throws InvalidInput {
        return LatentText.parse(text, latentLength)
                .orElseThrow(() -> invalidHeader(LATENT_HEADER, text, LatentText.expected(latentLength)));
    }

    private Tensor input(BufferedImage image) {
        return Images.tensor(scaler.a(image), settings.model().inputChannels(), false);
    }

    private static InvalidInput invalidHeader(String header, String value, String expected) {
        String quoted = value.length() > MAX_QUOTED_LENGTH ? value.substring(0, MAX_QUOTED_LENGTH) + "..." : value;
        return new InvalidInput(
                Reason.BAD_HEADER, "header " + header + " is \"" + quoted + "\", but must be " + expected);
    }
}
