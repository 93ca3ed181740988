package dev.tandem.bench;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.Images;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.images.encode.PngEncoder;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import dev.tandem.pipeline.augment.Augmentation;
import dev.tandem.pipeline.augment.Augmentation.TensorPair;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import javax.imageio.ImageIO;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The image operations of the streams: a pair of 256x256 images is decoded and augmented, a translation is encoded. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class ImageBenchmark {
    private static final int SIDE = 256;
    private static final Partition PARTITION = new Partition("bench", 0);

    @Param({"png", "jpg"})
    private String format;

    private PairDecoder decoder;
    private Augmentation augmentation;
    private byte[] encoded;
    private ImagePair pair;
    private Tensor translation;

    @Setup
    public void prepare() throws IOException, InvalidInput {
        Settings settings = SettingsLoader.load(Optional.empty(), List.of("model.image-size=" + SIDE));
        decoder = new PairDecoder(settings.images(), settings.model());
        augmentation = new Augmentation(settings.augment(), settings.images().scaling(), settings.model(), 1);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ImageIO.write(pairImage(), format, out);
        encoded = out.toByteArray();
        pair = decoder.decode(encoded, Optional.empty());
        translation = Images.tensor(pair.b(), 3, false);
    }

    @Benchmark
    public ImagePair decode() throws InvalidInput {
        return decoder.decode(encoded, Optional.empty());
    }

    @Benchmark
    public TensorPair augment() {
        return augmentation.apply(pair, PARTITION, 1);
    }

    @Benchmark
    public byte[] encodePng() {
        return PngEncoder.encode(Images.image(translation));
    }

    /** Smooth gradients with a little noise, like a photo. */
    private static BufferedImage pairImage() {
        RandomGenerator random = Noise.generator(1, "picture");
        BufferedImage image = new BufferedImage(2 * SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < SIDE; y++) {
            for (int x = 0; x < 2 * SIDE; x++) {
                int level = (int) (120 + 100 * Math.sin(x / 40.0) * Math.cos(y / 30.0)) + random.nextInt(16);
                image.setRGB(x, y, level << 16 | (255 - level) << 8 | (level + x) % 256);
            }
        }
        return image;
    }
}
