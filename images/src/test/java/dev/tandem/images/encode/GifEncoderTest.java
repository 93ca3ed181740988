package dev.tandem.images.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.images.TestImages;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageInputStream;
import org.junit.jupiter.api.Test;

class GifEncoderTest {

    @Test
    void encode_frames_keepsOrderAndDelay() throws IOException {
        List<BufferedImage> frames = IntStream.of(0xff0000, 0x00ff00, 0x0000ff)
                .mapToObj(rgb -> TestImages.filled(8, 8, rgb))
                .toList();

        byte[] gif = GifEncoder.encode(frames.stream(), 80);

        ImageReader reader = ImageIO.getImageReadersByFormatName("gif").next();
        try (ImageInputStream stream = ImageIO.createImageInputStream(new ByteArrayInputStream(gif))) {
            reader.setInput(stream);
            assertThat(reader.getNumImages(true)).isEqualTo(3);
            for (int i = 0; i < 3; i++) {
                assertThat(reader.read(i).getRGB(4, 4)).isEqualTo(frames.get(i).getRGB(4, 4));
                IIOMetadataNode root =
                        (IIOMetadataNode) reader.getImageMetadata(i).getAsTree("javax_imageio_gif_image_1.0");
                IIOMetadataNode control = (IIOMetadataNode)
                        root.getElementsByTagName("GraphicControlExtension").item(0);
                assertThat(control.getAttribute("delayTime")).isEqualTo("8");
            }
        } finally {
            reader.dispose();
        }
        assertThat(new String(gif, StandardCharsets.ISO_8859_1)).contains("NETSCAPE2.0");
    }

    @Test
    void encode_partlyTransparentFrame_isCompositedOntoWhite() throws IOException {
        BufferedImage frame = new BufferedImage(8, 8, BufferedImage.TYPE_INT_ARGB);
        for (int i = 0; i < 64; i++) {
            frame.setRGB(i % 8, i / 8, 0x80000000);
        }

        BufferedImage read = ImageIO.read(new ByteArrayInputStream(GifEncoder.encode(Stream.of(frame), 80)));

        assertThat(read.getRGB(4, 4) >>> 24).isEqualTo(255);
        assertThat(read.getRGB(4, 4) & 0xff).isBetween(0x7d, 0x81);
    }
}
