package dev.tandem.pipeline.augment;

import dev.tandem.config.AugmentSettings;
import dev.tandem.config.ImageSettings.Scaling;
import dev.tandem.config.ImageSize;
import dev.tandem.config.ModelSettings;
import dev.tandem.images.decode.Crop;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.ImageScaler;
import dev.tandem.images.decode.ImageScaler.Frame;
import dev.tandem.images.decode.Images;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.util.random.RandomGenerator;

/**
 * Random crop and flip of a training pair. The random numbers depend only on the seed, the partition and the offset, so a
 * replayed record is augmented in the same way.
 */
public record Augmentation(AugmentSettings settings, Scaling scaling, ModelSettings model, long seed) {

    /** A pair at the model's size: (1, C, H, W) each, in [-1, 1]. */
    public record TensorPair(Tensor a, Tensor b) {}

    /** A part of the frame of the load size, and a flip; the same for A and B. */
    private record Transform(Frame frame, boolean flip) {}

    public TensorPair apply(ImagePair pair, Partition partition, long offset) {
        Transform transform = randomTransform(Noise.generator(seed, "augment." + partition + "." + offset));
        ImageScaler scaler = new ImageScaler(scaling, model.imageSize());
        return new TensorPair(
                Images.tensor(scaler.a(pair.a(), transform.frame()), model.inputChannels(), transform.flip()),
                Images.tensor(scaler.b(pair.b(), transform.frame()), model.outputChannels(), transform.flip()));
    }

    /** Only scales a pair, as for a translation. */
    public TensorPair scaled(ImagePair pair) {
        ImageScaler scaler = new ImageScaler(scaling, model.imageSize());
        return new TensorPair(
                Images.tensor(scaler.a(pair.a()), model.inputChannels(), false),
                Images.tensor(scaler.b(pair.b()), model.outputChannels(), false));
    }

    private Transform randomTransform(RandomGenerator random) {
        ImageSize size = model.imageSize();
        int loadWidth = (int) Math.round(size.width() * settings.loadRatio());
        int loadHeight = (int) Math.round(size.height() * settings.loadRatio());
        int x = random.nextInt(loadWidth - size.width() + 1);
        int y = random.nextInt(loadHeight - size.height() + 1);
        boolean flip = settings.flip() && random.nextBoolean();
        Frame frame = new Frame(loadWidth, loadHeight, new Crop(x, y, size.width(), size.height()));
        return new Transform(frame, flip);
    }
}
