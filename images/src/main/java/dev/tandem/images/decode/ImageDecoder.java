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
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;

/**
 * Decodes PNG, JPEG, WebP, BMP and GIF to RGB; grey becomes colour, and transparency white unless it is wanted; of an
 * animation the first picture counts, and a photo is turned as its EXIF says.
 */
public final class ImageDecoder {
    /** No others that ImageIO may know: each is a way in. */
    private static final Set<String> FORMATS = Set.of("png", "jpeg", "bmp", "gif", "webp");

    private static final int COLOURS = 3;

    private final ImageSettings limits;
    private final boolean keepsAlpha;

    /** A decoder to opaque RGB. */
    public ImageDecoder(ImageSettings limits) {
        this(limits, false);
    }

    /** @param keepsAlpha whether transparency is kept: pictures are then ARGB */
    public ImageDecoder(ImageSettings limits, boolean keepsAlpha) {
        this.limits = limits;
        this.keepsAlpha = keepsAlpha;
    }

    /** @throws UnusableRecord if the bytes are no image, are damaged, or exceed a limit */
    public BufferedImage decode(byte[] bytes) throws InvalidInput {
        if (bytes.length == 0) {
            throw new InvalidInput(Reason.EMPTY, "the value is empty");
        }
        if (bytes.length > limits.maxBytes()) {
            throw new InvalidInput(
                    Reason.TOO_MANY_BYTES,
                    "the value has " + bytes.length + " bytes; images.max-bytes allows " + limits.maxBytes());
        }
        // Memory only: ImageIO's own choice would go through a file on disk.
        try (ImageInputStream stream = new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes))) {
            ImageReader reader = reader(stream);
            try {
                return decode(reader, stream);
            } finally {
                reader.dispose();
            }
        } catch (IOException | RuntimeException e) {
            // The readers meet hostile bytes with exceptions of every kind.
            throw damaged(String.valueOf(e.getMessage()));
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
        throw new InvalidInput(Reason.NOT_AN_IMAGE, "the value is no PNG, JPEG, WebP, BMP or GIF");
    }

    private BufferedImage decode(ImageReader reader, ImageInputStream stream) throws IOException, InvalidInput {
        List<String> warnings = new ArrayList<>();
        reader.addIIOReadWarningListener((source, warning) -> warnings.add(warning));
        reader.setInput(stream, true, !Orientation.isTold(reader));
        checkPixels(reader.getWidth(0), reader.getHeight(0));
        checkMemory(reader);
        BufferedImage image = converted(reader.read(0, asItIs(reader)));
        refuseCutOff(warnings);
        return Orientation.of(reader).upright(image);
    }

    /** Colours in the file's own order where they are plain bytes: the PNG reader would turn round each pixel by itself. */
    private static ImageReadParam asItIs(ImageReader reader) throws IOException {
        ImageReadParam parameters = reader.getDefaultReadParam();
        ImageTypeSpecifier raw = reader.getRawImageType(0);
        if (raw != null && isColourInBytes(raw.getColorModel(), raw.getSampleModel())) {
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

    /** A picture that is within its limits may yet be more than this process has room for. */
    private void checkMemory(ImageReader reader) throws IOException, InvalidInput {
        ImageTypeSpecifier raw = reader.getRawImageType(0);
        long sample = raw == null ? Integer.BYTES : bytesOfAPixel(raw.getSampleModel());
        long needed = (long) reader.getWidth(0) * reader.getHeight(0) * (sample + Integer.BYTES);
        // Two streams and HTTP decode as many at a time each; half of the heap is for everything else.
        long room = Runtime.getRuntime().maxMemory() / (6L * limits.decodeParallelism());
        if (needed > room) {
            throw new InvalidInput(
                    Reason.TOO_MANY_PIXELS,
                    "the image takes " + (needed >> 20) + " MiB to decode, of which this process has " + (room >> 20)
                            + " for each; give it a larger heap (-Xmx in TANDEM_JAVA_OPTS)");
        }
    }

    private static long bytesOfAPixel(SampleModel model) {
        return (long) model.getNumBands() * DataBuffer.getDataTypeSize(model.getDataType()) / Byte.SIZE;
    }

    /** A JPEG that ends too early is only a warning to its reader, which fills the rest with grey. */
    private static void refuseCutOff(List<String> warnings) throws InvalidInput {
        for (String warning : warnings) {
            if (warning.toLowerCase(Locale.ROOT).matches(".*(premature|truncated|corrupt).*")) {
                throw damaged(warning);
            }
        }
    }

    private BufferedImage converted(BufferedImage image) {
        int type = keepsAlpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB;
        if (image.getType() == type) {
            return image;
        }
        BufferedImage target = new BufferedImage(image.getWidth(), image.getHeight(), type);
        if (isGreyWithAlpha(image)) {
            drawGreyWithAlpha(image.getRaster(), target);
        } else if (isColourInBytes(image.getColorModel(), image.getSampleModel())) {
            drawColour(image.getRaster(), target);
        } else {
            Graphics2D graphics = target.createGraphics();
            graphics.setComposite(keepsAlpha ? AlphaComposite.Src : AlphaComposite.SrcOver);
            graphics.drawImage(image, 0, 0, keepsAlpha ? null : Color.WHITE, null);
            graphics.dispose();
        }
        return target;
    }

    private static boolean isColourInBytes(ColorModel colours, SampleModel model) {
        return colours.getColorSpace().isCS_sRGB()
                && model instanceof PixelInterleavedSampleModel
                && model.getDataType() == DataBuffer.TYPE_BYTE
                && model.getNumBands() == COLOURS;
    }

    /** By hand: Java's own way takes longer than reading and unpacking a PNG. */
    private static void drawColour(Raster raster, BufferedImage target) {
        PixelInterleavedSampleModel model = (PixelInterleavedSampleModel) raster.getSampleModel();
        DataBufferByte buffer = (DataBufferByte) raster.getDataBuffer();
        byte[] bytes = buffer.getData();
        int red = model.getBandOffsets()[0];
        int green = model.getBandOffsets()[1];
        int blue = model.getBandOffsets()[2];
        int[] row = new int[target.getWidth()];
        for (int y = 0; y < target.getHeight(); y++) {
            int at = buffer.getOffset() + y * model.getScanlineStride();
            for (int x = 0; x < row.length; x++) {
                row[x] = 0xff << 24
                        | (bytes[at + red] & 0xff) << 16
                        | (bytes[at + green] & 0xff) << 8
                        | bytes[at + blue] & 0xff;
                at += model.getPixelStride();
            }
            target.getRaster().setDataElements(0, y, row.length, 1, row);
        }
    }

    private static boolean isGreyWithAlpha(BufferedImage image) {
        return image.getColorModel().getColorSpace().getType() == ColorSpace.TYPE_GRAY
                && image.getRaster().getNumBands() == 2;
    }

    /** By hand: Java takes grey beside alpha for linear light and would draw it too bright. */
    private void drawGreyWithAlpha(Raster raster, BufferedImage target) {
        int shift = raster.getSampleModel().getSampleSize(0) - Byte.SIZE;
        int[] pixel = new int[2];
        for (int y = 0; y < target.getHeight(); y++) {
            for (int x = 0; x < target.getWidth(); x++) {
                raster.getPixel(x, y, pixel);
                int alpha = pixel[1] >> shift;
                int own = pixel[0] >> shift;
                int level = keepsAlpha ? own : Alpha.onWhite(own, alpha);
                target.setRGB(x, y, alpha << 24 | level << 16 | level << 8 | level);
            }
        }
    }

    private static InvalidInput damaged(String detail) {
        return new InvalidInput(Reason.DAMAGED_IMAGE, "the image is damaged: " + detail);
    }
}
