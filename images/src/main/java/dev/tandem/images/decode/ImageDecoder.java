package dev.tandem.images.decode;

import dev.tandem.config.ImageSettings;
import dev.tandem.images.decode.InvalidInput.Reason;
import java.awt.AlphaComposite;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.PixelInterleavedSampleModel;
import java.awt.image.Raster;
import java.awt.image.SampleModel;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes PNG, JPEG, WebP, BMP and GIF to images of type RGB, or ARGB if alpha is kept.
 *
 * <p>Grey becomes RGB. Transparent pixels are composited onto white unless alpha is kept. Of an animation, only the first
 * frame is decoded. A JPEG is rotated as its EXIF orientation requires.
 */
public final class ImageDecoder {
    /** Other formats that ImageIO supports are rejected, because each further parser is an attack surface. */
    private static final Set<String> FORMATS = Set.of("png", "jpeg", "bmp", "gif", "webp");

    private static final int RGB_BANDS = 3;

    private final ImageSettings limits;
    private final boolean keepAlpha;

    /** Creates a decoder whose images are opaque RGB. */
    public ImageDecoder(ImageSettings limits) {
        this(limits, false);
    }

    /** @param keepAlpha whether transparency is kept; the images are then ARGB */
    public ImageDecoder(ImageSettings limits, boolean keepAlpha) {
        this.limits = limits;
        this.keepAlpha = keepAlpha;
    }

    /**
     * Decodes an image.
     *
     * @throws InvalidInput if the bytes are not an image, are damaged or exceed a limit
     */
    public BufferedImage decode(byte[] bytes) throws InvalidInput {
        if (bytes.length == 0) {
            throw new InvalidInput(Reason.EMPTY, "the value is empty");
        }
        if (bytes.length > limits.maxBytes()) {
            throw new InvalidInput(
                    Reason.TOO_MANY_BYTES,
                    "the value has " + bytes.length + " bytes; images.max-bytes allows " + limits.maxBytes());
        }
        // ImageIO.createImageInputStream would cache the bytes in a file on disk.
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            ImageReader reader = reader(stream);
            try {
                return decode(reader, stream);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            // On damaged bytes the readers throw runtime exceptions of any kind.
            throw damaged(Optional.ofNullable(e.getMessage())
                    .orElseGet(() -> e.getClass().getSimpleName()));
        }
    }

    private static ImageReader reader(ImageInputStream stream) throws IOException, InvalidInput {
        Iterator<ImageReader> readers = ImageIO.getImageReaders(stream);
        while (readers.hasNext()) {
            ImageReader reader = readers.next();
            if (FORMATS.contains(reader.getFormatName().toLowerCase(Locale.ROOT))) {
                return reader;
            }
            reader.dispose();
        }
        throw new InvalidInput(Reason.NOT_AN_IMAGE, "the value is not a PNG, JPEG, WebP, BMP or GIF image");
    }

    private BufferedImage decode(ImageReader reader, ImageInputStream stream) throws IOException, InvalidInput {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(stream, true, !Orientation.isSupported(reader));
        checkPixels(reader.getWidth(0), reader.getHeight(0));
        checkMemory(reader);
        BufferedImage image = toTargetType(reader.read(0, readParameters(reader)));
        rejectTruncated(warnings);
        return Orientation.of(reader).applyTo(image);
    }

    /** Reads byte RGB in the file's channel order, because the PNG reader reorders the channels pixel by pixel. */
    private static ImageReadParam readParameters(ImageReader reader) throws IOException {
        ImageReadParam parameters = reader.getDefaultReadParam();
        ImageTypeSpecifier raw = reader.getRawImageType(0);
        if (raw != null && isByteRgb(raw.getColorModel(), raw.getSampleModel())) {
            parameters.setDestinationType(raw);
        }
        return parameters;
    }

    private void checkPixels(int width, int height) throws InvalidInput {
        if ((long) width * height > limits.maxPixels()) {
            throw new InvalidInput(
                    Reason.TOO_MANY_PIXELS,
                    "the image is " + width + "x" + height + " pixels; images.max-pixels allows " + limits.maxPixels());
        }
    }

    /** Rejects an image that is within the limits of the settings but does not fit into the heap. */
    private void checkMemory(ImageReader reader) throws IOException, InvalidInput {
        ImageTypeSpecifier raw = reader.getRawImageType(0);
        long bytesPerPixel = raw == null ? Integer.BYTES : bytesPerPixel(raw.getSampleModel());
        long needed = (long) reader.getWidth(0) * reader.getHeight(0) * (bytesPerPixel + Integer.BYTES);
        // Both streams and HTTP each run this many decoders. Half of the heap is reserved for everything else.
        long share = Runtime.getRuntime().maxMemory() / (6L * limits.decodeParallelism());
        if (needed > share) {
            throw new InvalidInput(
                    Reason.TOO_MANY_PIXELS,
                    "the image needs " + (needed >> 20) + " MiB to decode, but a decoder's share of the heap is "
                            + (share >> 20) + " MiB; raise the heap (-Xmx in TANDEM_JAVA_OPTS)");
        }
    }

    private static long bytesPerPixel(SampleModel model) {
        return (long) model.getNumBands() * DataBuffer.getDataTypeSize(model.getDataType()) / Byte.SIZE;
    }

    /** Rejects a truncated JPEG; its reader only warns about it and fills the rest with grey. */
    private static void rejectTruncated(List<String> warnings) throws InvalidInput {
        for (String warning : warnings) {
            if (warning.toLowerCase(Locale.ROOT).matches(".*(premature|truncated|corrupt).*")) {
                throw damaged(warning);
            }
        }
    }

    private BufferedImage toTargetType(BufferedImage image) {
        int type = keepAlpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
        if (image.getType() == type) {
            return image;
        }
        BufferedImage target = new BufferedImage(image.getWidth(), image.getHeight(), type);
        if (isGreyWithAlpha(image)) {
            copyGreyWithAlpha(image.getRaster(), target);
        } else if (isByteRgb(image.getColorModel(), image.getSampleModel())) {
            copyByteRgb(image.getRaster(), target);
        } else {
            Graphics2D graphics = target.createGraphics();
            graphics.setComposite(keepAlpha ? AlphaComposite.Src : AlphaComposite.SrcOver);
            graphics.drawImage(image, 0, 0, keepAlpha ? null : Color.WHITE, null);
            graphics.dispose();
        }
        return target;
    }

    private static boolean isByteRgb(ColorModel colours, SampleModel model) {
        return colours.getColorSpace().isCS_sRGB()
                && model instanceof PixelInterleavedSampleModel
                && model.getDataType() == DataBuffer.TYPE_BYTE
                && model.getNumBands() == RGB_BANDS;
    }

    /** Copies the bytes directly, because {@link Graphics2D#drawImage} takes longer than decoding a PNG. */
    private static void copyByteRgb(Raster raster, BufferedImage target) {
        PixelInterleavedSampleModel model = (PixelInterleavedSampleModel) raster.getSampleModel();
        DataBufferByte buffer = (DataBufferByte) raster.getDataBuffer();
        byte[] bytes = buffer.getData();
        int red = model.getBandOffsets()[0];
        int green = model.getBandOffsets()[1];
        int blue = model.getBandOffsets()[2];
        int[] row = new int[target.getWidth()];
        for (int y = 0; y < target.getHeight(); y++) {
            int offset = buffer.getOffset() + y * model.getScanlineStride();
            for (int x = 0; x < row.length; x++) {
                row[x] = 0xff << 24
                        | (bytes[offset + red] & 0xff) << 16
                        | (bytes[offset + green] & 0xff) << 8
                        | bytes[offset + blue] & 0xff;
                offset += model.getPixelStride();
            }
            target.getRaster().setDataElements(0, y, row.length, 1, row);
        }
    }

    private static boolean isGreyWithAlpha(BufferedImage image) {
        return image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
                && image.getRaster().getNumBands() == 2;
    }

    /** Copies the levels directly, because Java treats grey with alpha as linear light and draws it too bright. */
    private void copyGreyWithAlpha(Raster raster, BufferedImage target) {
        int shift = raster.getSampleModel().getSampleSize(0) - Byte.SIZE;
        int[] pixel = new int[2];
        for (int y = 0; y < target.getHeight(); y++) {
            for (int x = 0; x < target.getWidth(); x++) {
                raster.getPixel(x, y, pixel);
                int alpha = pixel[1] >> shift;
                int grey = pixel[0] >> shift;
                int level = keepAlpha ? grey : Alpha.onWhite(grey, alpha);
                target.setRGB(x, y, alpha << 24 | level << 16 | level << 8 | level);
            }
        }
    }

    private static InvalidInput damaged(String detail) {
        return new InvalidInput(Reason.DAMAGED_IMAGE, "the image is damaged: " + detail);
    }
}
