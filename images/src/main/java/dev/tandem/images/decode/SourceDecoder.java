package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings;
import dev.tandem.config.ModelSettings;
import java.awt.image.BufferedImage;
import java.util.Optional;

/** Reads what is to be translated: a picture A, or one with the style to take beside it. */
public final class SourceDecoder {
    private final ImageDecoder decoder;
    private final ImageCheck check;
    private final PairDecoder pairs;

    public SourceDecoder(ImageSettings images, ModelSettings model) {
        this.decoder = new ImageDecoder(images, model.seesAlpha());
        this.check = new ImageCheck(images, model.imageSize());
        this.pairs = new PairDecoder(images, model);
    }

    public BufferedImage decode(byte[] value) throws InvalidInput {
        BufferedImage picture = decoder.decode(value);
        check.require(picture.getWidth(), picture.getHeight());
        return picture;
    }

    /** A beside the B whose style is meant, in the order of the training pairs. */
    public ImagePair decodeWithStyle(byte[] value) throws InvalidInput {
        return pairs.decode(value, Optional.empty());
    }
}
