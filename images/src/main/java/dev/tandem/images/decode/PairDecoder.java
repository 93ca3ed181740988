package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.ModelSettings.Direction;
import dev.tandem.images.decode.InvalidInput.Reason;
import java.awt.image.BufferedImage;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Decodes the value of a pair record. With {@code tandem-layout: aligned} (the default) it is one image with A on the
 * left and B on the right. With {@code tandem-layout: parts} it is two encoded images, A then B, each preceded by its
 * length as a 32-bit big-endian number.
 */
public final class PairDecoder {
    public static final String LAYOUT_HEADER = "tandem-layout";
    private static final String ALIGNED = "aligned";
    private static final String PARTS = "parts";

    private final ImageDecoder decoder;
    private final ImageCheck check;
    private final Direction direction;

    public PairDecoder(ImageSettings images, ModelSettings model) {
        this(images, model, new ImageDecoder(images, model.hasAlpha()));
    }

    PairDecoder(ImageSettings images, ModelSettings model, ImageDecoder decoder) {
        this.decoder = decoder;
        this.check = new ImageCheck("each image of the pair", images, model.imageSize());
        this.direction = model.direction();
    }

    /**
     * Decodes a pair; with {@code model.direction = BtoA} the halves are swapped.
     *
     * @param layout value of the record's header {@value #LAYOUT_HEADER}, if it has one
     * @return A is the input of the model and B its output
     */
    public ImagePair decode(byte[] value, Optional<String> layout) throws InvalidInput {
        return decode(value, layout, pair -> pair);
    }

    /** Decodes a pair and uses its pixels, which need memory until then. */
    public <T> T decode(byte[] value, Optional<String> layout, ImageUse<ImagePair, T> use) throws InvalidInput {
        ImageUse<ImagePair, T> checked = pair -> use.apply(checked(pair));
        return switch (layout.orElse(ALIGNED)) {
            case ALIGNED -> decoder.decode(value, joined -> checked.apply(halves(joined)));
            case PARTS -> decodeParts(ByteBuffer.wrap(value), checked);
            default ->
                throw new InvalidInput(
                        Reason.BAD_HEADER,
                        LAYOUT_HEADER + " is \"" + layout.get() + "\", but must be " + ALIGNED + " or " + PARTS);
        };
    }

    private ImagePair checked(ImagePair pair) throws InvalidInput {
        check.require(pair.a().getWidth(), pair.a().getHeight());
        return direction == Direction.ATOB ? pair : new ImagePair(pair.b(), pair.a());
    }

    private static ImagePair halves(BufferedImage joined) throws InvalidInput {
        if (joined.getWidth() % 2 != 0) {
            throw new InvalidInput(
                    Reason.WRONG_ASPECT,
                    "a pair has A on the left and B on the right, so its width must be even; it is "
                            + joined.getWidth());
        }
        int half = joined.getWidth() / 2;
        int height = joined.getHeight();
        return new ImagePair(
                Images.crop(joined, new Crop(0, 0, half, height)),
                Images.crop(joined, new Crop(half, 0, half, height)));
    }

    private <T> T decodeParts(ByteBuffer value, ImageUse<ImagePair, T> use) throws InvalidInput {
        byte[] first = nextPart(value);
        byte[] second = nextPart(value);
        return decoder.decode(first, second, pair -> use.apply(requireSameSize(pair)));
    }

    private static ImagePair requireSameSize(ImagePair pair) throws InvalidInput {
        BufferedImage a = pair.a();
        BufferedImage b = pair.b();
        if (a.getWidth() != b.getWidth() || a.getHeight() != b.getHeight()) {
            throw new InvalidInput(
                    Reason.WRONG_ASPECT,
                    "A is " + a.getWidth() + "x" + a.getHeight() + " pixels and B is " + b.getWidth() + "x"
                            + b.getHeight() + "; both must have the same size");
        }
        return pair;
    }

    private static byte[] nextPart(ByteBuffer value) throws InvalidInput {
        try {
            int length = value.getInt();
            if (length < 0 || length > value.remaining()) {
                throw new BufferUnderflowException();
            }
            byte[] part = new byte[length];
            value.get(part);
            return part;
        } catch (BufferUnderflowException e) {
            throw new InvalidInput(
                    Reason.DAMAGED_IMAGE,
                    LAYOUT_HEADER + " " + PARTS + " requires two images, each preceded by its length as a 32-bit"
                            + " big-endian number");
        }
    }
}
