package dev.tandem.images.encode;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.stream.Stream;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Encodes pictures as one animated GIF that plays for ever. */
public final class GifEncoder {
    private static final String FORMAT = "javax_imageio_gif_image_1.0";
    private static final int MILLIS = 10;
    /** Netscape's block 1 with a repeat count of 0: for ever. */
    private static final byte[] FOR_EVER = {1, 0, 0};

    private GifEncoder() {}

    /**
     * Encodes frame by frame, as they come.
     *
     * @param delayMillis how long a frame is shown; GIF counts in hundredths of a second
     */
    public static byte[] encode(Stream<BufferedImage> frames, int delayMillis) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            for (Iterator<BufferedImage> each = frames.iterator(); each.hasNext(); ) {
                BufferedImage frame = opaque(each.next());
                writer.writeToSequence(new IIOImage(frame, null, metadata(writer, frame, delayMillis)), null);
            }
            writer.endWriteSequence();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** Before white: GIF knows no half transparency, and its writer would drop every pixel that has some. */
    private static BufferedImage opaque(BufferedImage frame) {
        if (!frame.getColorModel().hasAlpha()) {
            return frame;
        }
        BufferedImage opaque = new BufferedImage(frame.getWidth(), frame.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = opaque.createGraphics();
        graphics.drawImage(frame, 0, 0, Color.WHITE, null);
        graphics.dispose();
        return opaque;
    }

    private static IIOMetadata metadata(ImageWriter writer, BufferedImage frame, int delayMillis) throws IOException {
        IIOMetadata metadata = writer.getDefaultImageMetadata(new ImageTypeSpecifier(frame), null);
        IIOMetadataNode root = (IIOMetadataNode) metadata.getAsTree(FORMAT);
        IIOMetadataNode control = (IIOMetadataNode)
                root.getElementsByTagName("GraphicControlExtension").item(0);
        control.setAttribute("delayTime", Integer.toString(delayMillis / MILLIS));
        control.setAttribute("disposalMethod", "restoreToBackgroundColor");
        root.appendChild(repetition());
        metadata.setFromTree(FORMAT, root);
        return metadata;
    }

    private static IIOMetadataNode repetition() {
        IIOMetadataNode extension = new IIOMetadataNode("ApplicationExtension");
        extension.setAttribute("applicationID", "NETSCAPE");
        extension.setAttribute("authenticationCode", "2.0");
        extension.setUserObject(FOR_EVER);
        IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
        extensions.appendChild(extension);
        return extensions;
    }
}
