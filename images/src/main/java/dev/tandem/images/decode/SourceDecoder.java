package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings;
import dev.tandem.config.ModelSettings;
import java.awt.image.BufferedImage;
import java.util.Optional;

/** Decodes the value of a translation request: an input image A, or A beside an image that gives the style. */
public final class SourceDecoder {
    private final ImageDecoder decoder;
    private final ImageCheck check;
    private final PairDecoder pairs;

    public SourceDecoder(ImageSettings images, ModelSettings model) {
        this.decoder = new ImageDecoder(images, model.hasAlpha());
        this.check = new ImageCheck("the image", images, model.imageSize());
        this.pairs = new PairDecoder(images, model);
    }

    /** Decodes a single image A. */
    public BufferedImage decode(byte[] value) throws InvalidInput {
        BufferedImage image = decoder.decode(value);
        check.require(image.getWidth(), image.getHeight());
        return image;
    }

    /** Decodes A beside a B that gives the style, in the order of the training pairs. */
    public ImagePair decodeWithStyle(byte[] value) throws InvalidInput {
        return pairs.decode(value, Optional.empty());
    }
}
