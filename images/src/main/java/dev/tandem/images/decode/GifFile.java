package dev.tandem.images.decode;

import com.twelvemonkeys.imageio.util.ProgressListenerBase;
import java.awt.Dimension;
import java.awt.Rectangle;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadata;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** A GIF. Of an animation, the first frame is read, at its place on the canvas. */
record GifFile(byte[] content) implements PictureFile {
    private static final int SCREEN_WIDTH = 6;
    private static final int SCREEN_HEIGHT = 8;
    private static final int SCREEN_FLAGS = 10;
    private static final int HAS_PALETTE = 0x80;

    /** How much of the image has been decoded; the reader leaves the rest black without a warning. */
    private static final class Progress extends ProgressListenerBase {
        private float percentage;

        @Override
        public void imageProgress(ImageReader source, float percentageDone) {
            percentage = percentageDone;
        }
    }

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
        Element frame = (Element) metadata(reader, "ImageDescriptor").item(0);
        return new Rectangle(
                Integer.parseInt(frame.getAttribute("imageLeftPosition")),
                Integer.parseInt(frame.getAttribute("imageTopPosition")),
                reader.getWidth(0),
                reader.getHeight(0));
    }

    /** The metadata of the first frame that have a name. */
    private static NodeList metadata(ImageReader reader, String name) throws IOException {
        IIOMetadata metadata = reader.getImageMetadata(0);
        return ((Element) metadata.getAsTree(metadata.getNativeMetadataFormatName())).getElementsByTagName(name);
    }

    @Override
    public BufferedImage read(ImageReader reader) throws IOException {
        requirePalette(reader);
        Progress progress = new Progress();
        reader.addIIOReadProgressListener(progress);
        BufferedImage frame = Pixels.image(reader.read(0));
        if (progress.percentage < 100) {
            throw new IOException("the first frame ends within its pixels");
        }
        return Compositing.onCanvas(frame, frame(reader).getLocation(), size(reader));
    }

    /** Without a palette, each program would show other colours. */
    private void requirePalette(ImageReader reader) throws IOException {
        boolean ofScreen = (content[SCREEN_FLAGS] & HAS_PALETTE) != 0;
        if (!ofScreen && metadata(reader, "LocalColorTable").getLength() == 0) {
            throw new IOException("the first frame has no palette");
        }
    }
}
