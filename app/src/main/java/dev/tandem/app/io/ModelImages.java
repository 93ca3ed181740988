package dev.tandem.app.io;

import dev.tandem.app.UserError;
import dev.tandem.config.Settings;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.pipeline.decode.Pictures;
import dev.tandem.pipeline.decode.SourceDecoder;
import dev.tandem.pipeline.decode.UnusableRecord;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/** Image files as a model takes them. */
public record ModelImages(Settings settings) {

    /** A picture to translate, (1, C, H, W). */
    public Tensor input(Path file) {
        return Pictures.tensor(picture(file), settings.model().inputChannels(), false);
    }

    /** A picture of the output side, (1, C', H, W). */
    public Tensor output(Path file) {
        return Pictures.tensor(picture(file), settings.model().outputChannels(), false);
    }

    /** A picture at the model's size. */
    public BufferedImage picture(Path file) {
        try {
            SourceDecoder decoder = new SourceDecoder(settings.images(), settings.model());
            return Pictures.resized(
                    decoder.decode(ImageFiles.read(file)),
                    settings.model().imageSize().width(),
                    settings.model().imageSize().height());
        } catch (UnusableRecord e) {
            throw new UserError(file + ": " + e.getMessage(), e);
        }
    }
}
