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

/** Image files as a model takes them. */
public record ModelImages(Settings settings) {

    /** A picture to translate, (1, C, H, W). */
    public Tensor input(Path file) {
        return Images.tensor(picture(file), settings.model().inputChannels(), false);
    }

    /** The picture to translate of a pair in one image, (1, C, H, W). */
    public Tensor inputOfPair(Path file) {
        PairDecoder decoder = new PairDecoder(settings.images(), settings.model());
        BufferedImage a =
                decoded(file, bytes -> decoder.decode(bytes, Optional.empty()).a());
        return Images.tensor(resized(a), settings.model().inputChannels(), false);
    }

    /** A picture of the output side, (1, C', H, W). */
    public Tensor output(Path file) {
        return Images.tensor(picture(file), settings.model().outputChannels(), false);
    }

    /** A picture at the model's size. */
    public BufferedImage picture(Path file) {
        SourceDecoder decoder = new SourceDecoder(settings.images(), settings.model());
        return resized(decoded(file, decoder::decode));
    }

    /** Brought to the model's size. */
    public BufferedImage resized(BufferedImage picture) {
        return Images.resized(
                picture,
                settings.model().imageSize().width(),
                settings.model().imageSize().height());
    }

    /** A picture at its own size, whatever that is. */
    public BufferedImage original(Path file) {
        return decoded(file, new ImageDecoder(settings.images())::decode);
    }

    private interface Decoding {
        BufferedImage apply(byte[] bytes) throws InvalidInput;
    }

    private static BufferedImage decoded(Path file, Decoding decoding) {
        try {
            return decoding.apply(ImageFiles.read(file));
        } catch (InvalidInput e) {
            throw new UserError(file + ": " + e.getMessage(), e);
        }
    }
}
