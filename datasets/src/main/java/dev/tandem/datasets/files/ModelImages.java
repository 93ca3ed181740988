package dev.tandem.datasets.files;

import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.images.decode.ImageDecoder;
import dev.tandem.images.decode.Images;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.images.decode.SourceDecoder;
import dev.tandem.model.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Reads image files as inputs and outputs of a model. All methods throw {@link UserError} if a file cannot be read or is
 * not a valid image.
 *
 * @param settings settings of the model
 */
public record ModelImages(Settings settings) {

    /** Reads an input image, (1, C, H, W). */
    public Tensor input(Path file) {
        return Images.tensor(image(file), settings.model().inputChannels(), false);
    }

    /** Reads the input of a pair in one image, (1, C, H, W). */
    public Tensor inputOfPair(Path file) {
        PairDecoder decoder = new PairDecoder(settings.images(), settings.model());
        BufferedImage a =
                decoded(file, bytes -> decoder.decode(bytes, Optional.empty()).a());
        return Images.tensor(resized(a), settings.model().inputChannels(), false);
    }

    /** Reads an output image, (1, C', H, W). */
    public Tensor output(Path file) {
        return Images.tensor(image(file), settings.model().outputChannels(), false);
    }

    /** Reads an image and resizes it to the model's size. */
    public BufferedImage image(Path file) {
        SourceDecoder decoder = new SourceDecoder(settings.images(), settings.model());
        return resized(decoded(file, decoder::decode));
    }

    /** Resizes an image to the model's size. */
    public BufferedImage resized(BufferedImage image) {
        return Images.resized(
                image,
                settings.model().imageSize().width(),
                settings.model().imageSize().height());
    }

    /** Reads an image at its own size, which may be any size within the limits of the settings. */
    public BufferedImage original(Path file) {
        return decoded(file, new ImageDecoder(settings.images())::decode);
    }

    @FunctionalInterface
    private interface Decoder {
        BufferedImage decode(byte[] bytes) throws InvalidInput;
    }

    private static BufferedImage decoded(Path file, Decoder decoder) {
        try {
            return decoder.decode(ImageFiles.read(file));
        } catch (InvalidInput e) {
            throw new UserError(file + ": " + e.getMessage(), e);
        }
    }
}
