package dev.tandem.images.decode;

import java.awt.Dimension;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;
import javax.imageio.ImageReader;

/**
 * An encoded image, separated into pixels and metadata.
 *
 * <p>A reader of ImageIO gets the {@link #content()} only. It decodes the stored samples and never sees a colour profile, an
 * orientation or a text, because each reader treats these in its own way.
 */
sealed interface PictureFile permits PngFile, JpegFile, WebpFile, GifFile, BmpFile {

    /**
     * Recognises the format by the first bytes. Other formats that ImageIO supports are not accepted, because each further
     * parser is an attack surface.
     *
     * @param depth significant bits of 16-bit samples; empty: as the file states
     * @return empty if the bytes are of no accepted format
     * @throws IOException if the file is damaged
     */
    static Optional<PictureFile> of(byte[] bytes, OptionalInt depth) throws IOException {
        String start = new String(bytes, 0, Math.min(bytes.length, 12), StandardCharsets.ISO_8859_1);
        if (start.startsWith("\u0089PNG\r\n\u001a\n")) {
            return Optional.of(PngFile.parse(bytes, depth));
        } else if (start.startsWith("\u00ff\u00d8\u00ff")) {
            return Optional.of(JpegFile.parse(bytes));
        } else if (start.startsWith("RIFF") && start.endsWith("WEBP")) {
            return Optional.of(WebpFile.parse(bytes));
        } else if (start.startsWith("GIF87a") || start.startsWith("GIF89a")) {
            return Optional.of(new GifFile(bytes));
        } else if (start.startsWith("BM")) {
            return Optional.of(BmpFile.parse(bytes));
        }
        return Optional.empty();
    }

    /** ImageIO's name of the format. */
    String format();

    /** The file that the reader decodes. */
    byte[] content();

    /** The EXIF data, a TIFF structure; empty if there is none. */
    default Optional<byte[]> exif() {
        return Optional.empty();
    }

    /** The size of the image as stored, before it is turned upright. */
    default Dimension size(ImageReader reader) throws IOException {
        return new Dimension(reader.getWidth(0), reader.getHeight(0));
    }

    /**
     * Decodes the pixels.
     *
     * @param reader whose input is {@link #content()}
     * @return sRGB, of type RGB, or ARGB if the file can have transparent pixels
     */
    BufferedImage read(ImageReader reader) throws IOException;
}
