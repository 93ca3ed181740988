package dev.tandem.pipeline.augment;

import dev.tandem.config.AugmentSettings;
import dev.tandem.config.ImageSize;
import dev.tandem.config.ModelSettings;
import dev.tandem.images.decode.Crop;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.Images;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/**
 * Resizes, crops and mirrors a pair. What is drawn depends on the seed and on where the record lies, so a replay
 * repeats it.
 */
public record Augmentation(AugmentSettings settings, ModelSettings model, long seed) {

    /** A pair at the model's size: (1, C, H, W) each, in [-1, 1]. */
    public record TensorPair(Tensor a, Tensor b) {}

    private record Draw(int x, int y, boolean mirrored) {}

    public TensorPair apply(ImagePair pair, Partition partition, long offset) {
        ImageSize size = model.imageSize();
        int loadWidth = (int) Math.round(size.width() * settings.loadRatio());
        int loadHeight = (int) Math.round(size.height() * settings.loadRatio());
        RandomGenerator random = Noise.stream(seed, "augment." + partition + "." + offset);
        Draw draw = new Draw(
                random.nextInt(loadWidth - size.width() + 1),
                random.nextInt(loadHeight - size.height() + 1),
                settings.flip() && random.nextBoolean());
        return new TensorPair(
                varied(pair.a(), model.inputChannels(), draw, loadWidth, loadHeight),
                varied(pair.b(), model.outputChannels(), draw, loadWidth, loadHeight));
    }

    private Tensor varied(BufferedImage picture, int channels, Draw draw, int loadWidth, int loadHeight) {
        ImageSize size = model.imageSize();
        Crop crop = new Crop(draw.x(), draw.y(), size.width(), size.height());
        BufferedImage part = Images.resized(picture, loadWidth, loadHeight, crop);
        return Images.tensor(part, channels, draw.mirrored());
    }
}
