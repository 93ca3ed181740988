package dev.tandem.images.decode;

import com.twelvemonkeys.imageio.stream.ByteArrayImageInputStream;
import dev.tandem.config.ImageSettings;
import dev.tandem.images.decode.InvalidInput.Reason;
import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBuffer;
import java.awt.image.SampleModel;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;

/**
 * Decodes PNG, JPEG, WebP, BMP and GIF to images of type RGB, or ARGB if alpha is kept.
 *
 * <p>Grey becomes RGB. An embedded colour profile is converted to sRGB. Transparent pixels are composited onto white unless
 * alpha is kept. Of an animation, only the first frame is decoded, at its place on the canvas. An image is turned upright as
 * its EXIF orientation requires. {@code docs/pictures.md} describes these rules.
 */
public final class ImageDecoder {
    private static final String ENDS_EARLY = "the file ends early";

    private final ImageSettings limits;
    private final boolean keepAlpha;
    private final DecodeMemory memory;

    /** Creates a decoder whose images are opaque RGB. */
    public ImageDecoder(ImageSettings limits) {
        this(limits, false);
    }

    /** @param keepAlpha whether transparency is kept; the images are then ARGB */
    public ImageDecoder(ImageSettings limits, boolean keepAlpha) {
        this(limits, keepAlpha, DecodeMemory.of(limits));
    }

    ImageDecoder(ImageSettings limits, boolean keepAlpha, DecodeMemory memory) {
        this.limits = limits;
        this.keepAlpha = keepAlpha;
        this.memory = memory;
    }

    /**
     * Decodes an image.
     *
     * @throws InvalidInput if the bytes are not an image, are damaged or exceed a limit
     */
    public BufferedImage decode(byte[] bytes) throws InvalidInput {
        return decode(bytes, image -> image);
    }

    /**
     * Decodes an image and uses its pixels, which need memory until then. An image that needs more memory than the share of
     * one of {@code images.decode-parallelism} threads waits for other such images.
     *
     * @throws InvalidInput if the bytes are not an image, are damaged or exceed a limit, or by {@code use}
     */
    public <T> T decode(byte[] bytes, ImageUse<BufferedImage, T> use) throws InvalidInput {
        try (DecodeMemory.Reservation reservation = memory.open()) {
            return use.apply(decode(bytes, reservation));
        }
    }

    /** Decodes two images and uses their pixels together. */
    public <T> T decode(byte[] a, byte[] b, ImageUse<ImagePair, T> use) throws InvalidInput {
        try (DecodeMemory.Reservation reservation = memory.open()) {
            return use.apply(new ImagePair(decode(a, reservation), decode(b, reservation)));
        }
    }

    private void checkLength(byte[] bytes) throws InvalidInput {
        if (bytes.length == 0) {
            throw new InvalidInput(Reason.EMPTY, "the value is empty");
        }
        if (bytes.length > limits.maxBytes()) {
            throw new InvalidInput(
                    Reason.TOO_MANY_BYTES,
                    "the value has " + bytes.length + " bytes; images.max-bytes allows " + limits.maxBytes());
        }
    }

    private BufferedImage decode(byte[] bytes, DecodeMemory.Reservation reservation) throws InvalidInput {
        checkLength(bytes);
        try {
            PictureFile file = PictureFile.of(bytes, limits.depth())
                    .orElseThrow(() -> new InvalidInput(
                            Reason.NOT_AN_IMAGE, "the value is not a PNG, JPEG, WebP, BMP or GIF image"));
            BufferedImage stored = decode(file, reservation);
            BufferedImage image = keepAlpha ? Compositing.withAlpha(stored) : Compositing.onWhite(stored);
            return Orientation.of(file.exif()).applyTo(image);
        } catch (IOException | RuntimeException e) {
            // On damaged bytes the readers throw runtime exceptions of any kind.
            throw damaged(detail(e));
        }
    }

    private BufferedImage decode(PictureFile file, DecodeMemory.Reservation reservation)
            throws IOException, InvalidInput {
        ImageReader reader = ImageIO.getImageReadersByFormatName(file.format()).next();
        // ImageIO.createImageInputStream would cache the bytes in a file on disk.
        try (ImageInputStream stream = new ByteArrayImageInputStream(file.content())) {
            List<String> warnings = new ArrayList<>();
            reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
            reader.setInput(stream, true, true);
            Dimension size = file.size(reader);
            checkPixels(size);
            reservation.reserve(bytesToDecode(size, reader));
            BufferedImage image = file.read(reader);
            rejectDamaged(warnings);
            return image;
        } finally {
            reader.dispose();
        }
    }

    private void checkPixels(Dimension size) throws InvalidInput {
        if ((long) size.width * size.height > limits.maxPixels()) {
            throw new InvalidInput(
                    Reason.TOO_MANY_PIXELS,
                    "the image is " + size.width + "x" + size.height + " pixels; images.max-pixels allows "
                            + limits.maxPixels());
        }
    }

    /** Returns the memory of the raw image and of its conversion to RGB or ARGB. */
    private static long bytesToDecode(Dimension size, ImageReader reader) throws IOException {
        ImageTypeSpecifier raw = reader.getRawImageType(0);
        long bytesPerPixel = raw == null ? Integer.BYTES : bytesPerPixel(raw.getSampleModel());
        return (long) size.width * size.height * (Math.max(bytesPerPixel, Integer.BYTES) + Integer.BYTES);
    }

    private static long bytesPerPixel(SampleModel model) {
        int elements = model instanceof ComponentSampleModel ? model.getNumBands() : 1;
        return (long) elements * DataBuffer.getDataTypeSize(model.getDataType()) / Byte.SIZE;
    }

    /** Rejects a damaged JPEG or GIF; its reader only warns about it and fills the rest with other pixels. */
    private static void rejectDamaged(List<String> warnings) throws InvalidInput {
        for (String warning : warnings) {
            String text = warning.toLowerCase(Locale.ROOT);
            if (text.matches(".*(premature|truncated).*")) {
                throw damaged(ENDS_EARLY);
            }
            if (text.matches(".*(corrupt|out-of-sequence).*")) {
                throw damaged(warning);
            }
        }
    }

    /** What is wrong with the bytes: the first cause, which the readers wrap into general messages. */
    private static String detail(Throwable failure) {
        Throwable cause = Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                .reduce((outer, inner) -> inner)
                .orElse(failure);
        return cause instanceof EOFException
                ? ENDS_EARLY
                : Optional.ofNullable(cause.getMessage())
                        .orElseGet(() -> cause.getClass().getSimpleName());
    }

    private static InvalidInput damaged(String detail) {
        return new InvalidInput(Reason.DAMAGED_IMAGE, "the image cannot be decoded: " + detail);
    }
}
