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

/** Encodes images as an animated GIF that loops forever. */
public final class GifEncoder {
    private static final String FORMAT = "javax_imageio_gif_image_1.0";
    private static final int MILLIS_PER_UNIT = 10;
    /** Sub-block 1 of the Netscape extension. Repeat count 0 means an endless loop. */
    private static final byte[] LOOP_FOREVER = {1, 0, 0};

    private GifEncoder() {}

    /**
     * Encodes an animation. Frames are consumed one at a time, so the stream can be lazy.
     *
     * @param frames images of one size
     * @param delayMillis duration of a frame; GIF rounds it down to hundredths of a second
     */
    public static byte[] encode(Stream<BufferedImage> frames, int delayMillis) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageWriter writer = ImageIO.getImageWritersByFormatName("gif").next();
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            writer.setOutput(stream);
            writer.prepareWriteSequence(null);
            for (Iterator<BufferedImage> iterator = frames.iterator(); iterator.hasNext(); ) {
                BufferedImage frame = opaque(iterator.next());
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

    /** Composites onto white, because GIF has no partial transparency and its writer drops such pixels. */
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
        control.setAttribute("delayTime", Integer.toString(delayMillis / MILLIS_PER_UNIT));
        control.setAttribute("disposalMethod", "restoreToBackgroundColor");
        root.appendChild(loopExtension());
        metadata.setFromTree(FORMAT, root);
        return metadata;
    }

    private static IIOMetadataNode loopExtension() {
        IIOMetadataNode extension = new IIOMetadataNode("ApplicationExtension");
        extension.setAttribute("applicationID", "NETSCAPE");
        extension.setAttribute("authenticationCode", "2.0");
        extension.setUserObject(LOOP_FOREVER);
        IIOMetadataNode extensions = new IIOMetadataNode("ApplicationExtensions");
        extensions.appendChild(extension);
        return extensions;
    }
}
