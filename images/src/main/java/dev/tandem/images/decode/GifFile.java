package dev.tandem.images.decode;

import java.awt.Dimension;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import org.w3c.dom.Element;

/** A GIF. Of an animation, the first frame is read, at its place on the canvas. */
record GifFile(byte[] content) implements PictureFile {
    private static final int SCREEN_WIDTH = 6;
    private static final int SCREEN_HEIGHT = 8;

    @Override
    public String format() {
        return "gif";
    }

    /** The logical screen; larger if the first frame reaches beyond it. */
    @Override
    public Dimension size(ImageReader reader) throws IOException {
        ByteBuffer header = ByteBuffer.wrap(content).order(ByteOrder.LITTLE_ENDIAN);
        Rectangle frame = frame(reader);
        return new Dimension(
                Math.max(header.getShort(SCREEN_WIDTH) & 0xffff, frame.x + frame.width),
                Math.max(header.getShort(SCREEN_HEIGHT) & 0xffff, frame.y + frame.height));
    }

    private static Rectangle frame(ImageReader reader) throws IOException {
        IIOMetadata metadata = reader.getImageMetadata(0);
        Element frame = (Element) ((Element) metadata.getAsTree(metadata.getNativeMetadataFormatName()))
                .getElementsByTagName("ImageDescriptor")
                .item(0);
        return new Rectangle(
                Integer.parseInt(frame.getAttribute("imageLeftPosition")),
                Integer.parseInt(frame.getAttribute("imageTopPosition")),
                reader.getWidth(0),
                reader.getHeight(0));
    }

    @Override
    public BufferedImage read(ImageReader reader) throws IOException {
        return Compositing.onCanvas(Pixels.image(reader.read(0)), frame(reader).getLocation(), size(reader));
    }
}
