package dev.tandem.datasets.files;

import dev.tandem.config.Settings;
import dev.tandem.config.UserError;
import dev.tandem.images.decode.ImageDecoder;
import dev.tandem.images.decode.ImageScaler;
import dev.tandem.images.decode.Images;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.images.decode.SourceDecoder;
import dev.tandem.model.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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
        return Images.tensor(inputImage(file), settings.model().inputChannels(), false);
    }

    /** Reads an input image and gives it the model's size. */
    public BufferedImage inputImage(Path file) {
        return scaler().a(single(file));
    }

    /** Reads the input of a pair in one image, (1, C, H, W). */
    public Tensor inputOfPair(Path file) {
        PairDecoder decoder = new PairDecoder(settings.images(), settings.model());
        BufferedImage a =
                decoded(file, bytes -> decoder.decode(bytes, Optional.empty()).a());
        return Images.tensor(scaler().a(a), settings.model().inputChannels(), false);
    }

    /** Reads an output image, (1, C', H, W). */
    public Tensor output(Path file) {
        return Images.tensor(scaler().b(single(file)), settings.model().outputChannels(), false);
    }

    /** Gives decoded images the model's size. */
    public ImageScaler scaler() {
        return new ImageScaler(settings.images().scaling(), settings.model().imageSize());
    }

    private BufferedImage single(Path file) {
        return decoded(file, new SourceDecoder(settings.images(), settings.model())::decode);
    }

    /** Reads an image at its own size, which may be any size within the limits of the settings. */
    public BufferedImage original(Path file) {
        return decoded(file, new ImageDecoder(settings.images())::decode);
    }

    /**
     * Checks input images, or pairs that contain them, without keeping them in memory.
     *
     * @param pairs whether the files are pairs in one image
     * @return one line per invalid file, by its index
     */
    public Map<Integer, String> problems(List<Path> files, boolean pairs) {
        return ParallelCheck.problems(
                files, settings.images().decodeParallelism(), file -> problem(file, pairs), () -> {});
    }

    private Optional<String> problem(Path file, boolean pair) {
        try {
            if (pair) {
                inputOfPair(file);
            } else {
                inputImage(file);
            }
            return Optional.empty();
        } catch (UserError e) {
            return Optional.of(e.getMessage());
        }
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
