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
 * Reads a pair from a record's value: one image with A left and B right, or with {@code tandem-layout: parts} two
 * encoded images, each behind its length as a 32-bit big-endian number.
 */
public final class PairDecoder {
    public static final String LAYOUT_HEADER = "tandem-layout";
    private static final String ALIGNED = "aligned";
    private static final String PARTS = "parts";

    private final ImageDecoder decoder;
    private final ImageCheck check;
    private final Direction direction;

    public PairDecoder(ImageSettings images, ModelSettings model) {
        this.decoder = new ImageDecoder(images, model.seesAlpha());
        this.check = new ImageCheck(images, model.imageSize());
        this.direction = model.direction();
    }

    /** @param layout the record's header {@value #LAYOUT_HEADER}, if it has one */
    public ImagePair decode(byte[] value, Optional<String> layout) throws InvalidInput {
        return switch (layout.orElse(ALIGNED)) {
            case ALIGNED -> aligned(decoder.decode(value));
            case PARTS -> parts(ByteBuffer.wrap(value));
            default ->
                throw new InvalidInput(
                        Reason.BAD_HEADER,
                        LAYOUT_HEADER + " is \"" + layout.get() + "\"; known are " + ALIGNED + " and " + PARTS);
        };
    }

    private ImagePair aligned(BufferedImage joined) throws InvalidInput {
        if (joined.getWidth() % 2 != 0) {
            throw new InvalidInput(
                    Reason.WRONG_ASPECT,
                    "a pair has A left and B right, so its width must be even, not " + joined.getWidth());
        }
        int half = joined.getWidth() / 2;
        int height = joined.getHeight();
        return checked(new ImagePair(
                Images.part(joined, new Crop(0, 0, half, height)),
                Images.part(joined, new Crop(half, 0, half, height))));
    }

    private ImagePair parts(ByteBuffer value) throws InvalidInput {
        BufferedImage a = decoder.decode(next(value));
        BufferedImage b = decoder.decode(next(value));
        if (a.getWidth() != b.getWidth() || a.getHeight() != b.getHeight()) {
            throw new InvalidInput(
                    Reason.WRONG_ASPECT,
                    "A is " + a.getWidth() + "x" + a.getHeight() + ", but B " + b.getWidth() + "x" + b.getHeight());
        }
        return checked(new ImagePair(a, b));
    }

    private static byte[] next(ByteBuffer value) throws InvalidInput {
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
                    Reason.DAMAGED_IMAGE, LAYOUT_HEADER + ": parts needs two images, each behind its length");
        }
    }

    /** From here on A is what the model translates, and B what it makes of it. */
    private ImagePair checked(ImagePair pair) throws InvalidInput {
        check.require(pair.a().getWidth(), pair.a().getHeight());
        return direction == Direction.ATOB ? pair : new ImagePair(pair.b(), pair.a());
    }
}
