package dev.tandem.images.encode;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes images as PNG. */
public final class PngEncoder {
    private static final String FORMAT = "javax_imageio_png_1.0";

    private PngEncoder() {}

    public static byte[] encode(BufferedImage image) {
        return encode(image, Map.of());
    }

    /**
     * Encodes an image with texts, each in a chunk {@code iTXt}, which programs show as properties of the image.
     *
     * @param texts by keyword: 1 to 79 characters of Latin-1
     */
    public static byte[] encode(BufferedImage image, Map<String, String> texts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(stream);
            writer.write(new IIOImage(image, null, metadata(writer, image, texts)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    private static IIOMetadata metadata(ImageWriter writer, BufferedImage image, Map<String, String> texts)
            throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(image), null);
        IIOMetadataNode chunks = new IIOMetadataNode("iTXt");
        texts.forEach((keyword, text) -> {
            IIOMetadataNode chunk = new IIOMetadataNode("iTXtEntry");
            chunk.setAttribute("keyword", keyword);
            chunk.setAttribute("compressionFlag", "FALSE");
            chunk.setAttribute("compressionMethod", "0");
            chunk.setAttribute("languageTag", "");
            chunk.setAttribute("translatedKeyword", "");
            chunk.setAttribute("text", text);
            chunks.appendChild(chunk);
        });
        IIOMetadataNode root = new IIOMetadataNode(FORMAT);
        root.appendChild(chunks);
        metadata.mergeTree(FORMAT, root);
        return metadata;
    }
}
