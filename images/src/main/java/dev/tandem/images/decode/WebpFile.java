package dev.tandem.images.decode;

import java.awt.Dimension;
import java.awt.Point;
import java.awt.Rectangle;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import javax.imageio.ImageReader;

/**
 * A WebP. Of an animation, the first frame is read, at its place on the canvas.
 *
 * @param content a still image of the first frame
 * @param canvas size of the image
 * @param offset of the frame on the canvas
 * @param transparent whether the file says that it can have transparent pixels
 */
record WebpFile(
        byte[] content,
        Dimension canvas,
        Point offset,
        boolean transparent,
        Optional<byte[]> exif,
        Optional<byte[]> profile)
        implements PictureFile {
    private static final String EXTENDED = "VP8X";
    private static final String FRAME = "ANMF";
    private static final int FRAME_HEADER = 16;
    private static final int TRANSPARENT = 0x10;

    static WebpFile parse(byte[] bytes) throws IOException {
        WebpChunks file = WebpChunks.ofFile(bytes);
        Optional<byte[]> extended = file.data(EXTENDED);
        Optional<byte[]> animated = file.data(FRAME);
        WebpChunks frame = animated.isPresent() ? WebpChunks.of(animated.get(), FRAME_HEADER) : file;
        WebpPixels pixels = WebpPixels.of(frame);
        Dimension declared = animated.isPresent()
                ? WebpChunks.size(animated.get(), 6)
                : extended.isPresent() ? WebpChunks.size(extended.get(), 4) : pixels.size();
        if (!declared.equals(pixels.size())) {
            throw new IOException("the file says " + text(declared) + " pixels, but has " + text(pixels.size()));
        }
        Dimension canvas = animated.isPresent() && extended.isPresent() ? WebpChunks.size(extended.get(), 4) : declared;
        Point offset = animated.map(
                        header -> new Point(2 * WebpChunks.number(header, 0), 2 * WebpChunks.number(header, 3)))
                .orElseGet(Point::new);
        // Before the frame is decoded, because the limits apply to the canvas.
        if (!new Rectangle(canvas).contains(new Rectangle(offset, declared))) {
            throw new IOException("the first frame reaches beyond the canvas");
        }
        return new WebpFile(
                pixels.still(),
                canvas,
                offset,
                extended.map(header -> (header[0] & TRANSPARENT) != 0).orElse(true),
                file.data("EXIF").map(WebpFile::withoutPrefix),
                file.data("ICCP"));
    }

    private static String text(Dimension size) {
        return size.width + "x" + size.height;
    }

    /** Some programs write the prefix that EXIF data have in a JPEG. */
    private static byte[] withoutPrefix(byte[] exif) {
        boolean prefixed = exif.length > 6 && exif[0] == 'E' && exif[1] == 'x' && exif[2] == 'i' && exif[3] == 'f';
        return prefixed ? Arrays.copyOfRange(exif, 6, exif.length) : exif;
    }

    @Override
    public String format() {
        return "webp";
    }

    @Override
    public Dimension size(ImageReader reader) {
        return canvas;
    }

    @Override
    public BufferedImage read(ImageReader reader) throws IOException {
        BufferedImage frame = Pixels.image(decode(reader));
        BufferedImage image = transparent ? frame : Compositing.opaque(frame);
        ColourProfile.of(profile, ColorSpace.TYPE_RGB).ifPresent(colours -> colours.applyTo(image));
        return Compositing.onCanvas(image, offset, canvas);
    }

    private static BufferedImage decode(ImageReader reader) throws IOException {
        try {
            return reader.read(0);
        } catch (LinkageError e) {
            throw new IOException("this platform has no library for WebP; convert the image to PNG", e);
        } catch (OutOfMemoryError e) {
            // The library also says this of damaged alpha. The error of the JVM has a message.
            if (e.getMessage() == null) {
                throw new IOException("its alpha cannot be decoded", e);
            }
            throw e;
        }
    }
}
