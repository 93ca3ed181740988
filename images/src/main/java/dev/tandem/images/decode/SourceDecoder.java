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
        this.pairs = new PairDecoder(images, model, decoder);
    }

    /** Decodes a single image A. */
    public BufferedImage decode(byte[] value) throws InvalidInput {
        return decode(value, image -> image);
    }

    /** Decodes a single image A and uses its pixels, which need memory until then. */
    public <T> T decode(byte[] value, ImageUse<BufferedImage, T> use) throws InvalidInput {
        return decoder.decode(value, image -> use.apply(checked(image)));
    }

    /** Decodes an image A and an image that gives the style, and uses their pixels. */
    public <T> T decode(byte[] value, byte[] style, ImageUse<ImagePair, T> use) throws InvalidInput {
        return decoder.decode(
                value, style, images -> use.apply(new ImagePair(checked(images.a()), checked(images.b()))));
    }

    private BufferedImage checked(BufferedImage image) throws InvalidInput {
        check.require(image.getWidth(), image.getHeight());
        return image;
    }

    /** Decodes A beside a B that gives the style, in the order of the training pairs, and uses their pixels. */
    public <T> T decodeWithStyle(byte[] value, ImageUse<ImagePair, T> use) throws InvalidInput {
        return pairs.decode(value, Optional.empty(), use);
    }
}
