package dev.tandem.images.encode;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.images.TestImages;
import dev.tandem.images.decode.ImageDecoder;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class PngEncoderTest {

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_INT_ARGB, BufferedImage.TYPE_BYTE_GRAY})
    void encode_texts_areInThePngAndLeaveThePixels(int type) throws IOException, InvalidInput {
        BufferedImage image = TestImages.noise(9, 7, type, 1);
        Map<String, String> texts = Map.of("tandem-latent", "0.1,-3.0E-8", "tandem-model", "checkpoint=модель;step=4");

        byte[] png = PngEncoder.encode(image, texts);

        ImageDecoder decoder = new ImageDecoder(TestImages.limits(1000, 1 << 20), true);
        assertThat(texts(png)).isEqualTo(texts);
        assertThat(decoder.decode(png).getRGB(0, 0, 9, 7, null, 0, 9))
                .isEqualTo(decoder.decode(PngEncoder.encode(image)).getRGB(0, 0, 9, 7, null, 0, 9));
    }

    @Test
    void texts_ofATranslation_saySourceOfItsLatent() {
        Tensor z = Tensor.of(Shape.of(1, 2), 0.1f, -3e-8f);

        assertThat(new TranslationMetadata("checkpoint=c;step=4", 2, 3, z, OptionalLong.of(-9)).texts())
                .containsExactlyEntriesOf(orderedMap(
                        "tandem-model", "checkpoint=c;step=4",
                        "tandem-sample", "2/3",
                        "tandem-latent", "0.1,-3.0E-8",
                        "tandem-seed", "-9"));
        assertThat(new TranslationMetadata("m", 1, 1, Tensor.zeros(1, 0), OptionalLong.empty()).texts())
                .containsOnlyKeys("tandem-model", "tandem-sample");
    }

    private static Map<String, String> orderedMap(String... entries) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < entries.length; i += 2) {
            map.put(entries[i], entries[i + 1]);
        }
        return map;
    }

    private static Map<String, String> texts(byte[] png) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("png").next();
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(png)));
        Element root = (Element) reader.getImageMetadata(0).getAsTree("javax_imageio_png_1.0");
        NodeList entries = root.getElementsByTagName("iTXtEntry");
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < entries.getLength(); i++) {
            Element entry = (Element) entries.item(i);
            texts.put(entry.getAttribute("keyword"), entry.getAttribute("text"));
        }
        return texts;
    }
}
