package dev.tandem.datasets.records;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.datasets.files.ImageFile;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.images.TestImages;
import dev.tandem.images.decode.ImageDecoder;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.model.TestSettings;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageRecordsTest {
    private static final int SIDE = 32;
    private static final BufferedImage RED_BLUE =
            TestImages.halves(2 * SIDE, SIDE, Color.RED.getRGB(), Color.BLUE.getRGB());

    @TempDir
    private Path folder;

    private final Settings settings = TestSettings.tiny();
    private final ImageRecords records = new ImageRecords(settings);

    @Test
    void swapped_fileWithBOnTheLeft_hasAOnTheLeft() throws Exception {
        Path file = Files.write(folder.resolve("one.png"), TestImages.png(RED_BLUE));

        ImagePair pair = decoded(records.swapped(named(file)).get(0));

        assertThat(pair.a().getRGB(3, 3)).isEqualTo(Color.BLUE.getRGB());
        assertThat(pair.b().getRGB(3, 3)).isEqualTo(Color.RED.getRGB());
    }

    @Test
    void leftHalves_pair_isA() throws IOException {
        Path file = Files.write(folder.resolve("one.png"), TestImages.png(RED_BLUE));

        BufferedImage a = ImageIO.read(
                new ByteArrayInputStream(records.leftHalves(named(file)).get(0).value()));

        assertThat(a.getWidth()).isEqualTo(SIDE);
        assertThat(a.getRGB(SIDE - 1, 3)).isEqualTo(Color.RED.getRGB());
    }

    @Test
    void withEdgesAsA_photo_hasItsEdgesAsA() throws Exception {
        BufferedImage photo = filled(Color.WHITE);
        Graphics2D graphics = photo.createGraphics();
        graphics.setColor(Color.BLUE);
        graphics.fillRect(8, 8, 16, 16);
        graphics.dispose();
        Path file = Files.write(folder.resolve("photo.png"), TestImages.png(photo));

        ImagePair pair = decoded(records.withEdgesAsA(named(file)).get(0));

        assertThat(pair.b().getRGB(16, 16)).isEqualTo(Color.BLUE.getRGB());
        assertThat(grey(pair.a(), 8, 16)).as("on an edge").isLessThan(100);
        assertThat(grey(pair.a(), 16, 16)).as("inside").isGreaterThan(240);
        assertThat(grey(pair.a(), 1, 1)).as("outside").isGreaterThan(240);
    }

    @Test
    void swapped_modelWithAlpha_keepsAllLevelsOfTransparentPixels() throws Exception {
        Settings alpha = withAlpha();
        BufferedImage image = TestImages.noise(2 * SIDE, SIDE, BufferedImage.TYPE_INT_ARGB, 7);
        Path file = Files.write(folder.resolve("one.png"), TestImages.png(image));

        ImagePair pair = decoded(new ImageRecords(alpha).swapped(named(file)).get(0), alpha);

        assertThat(pixels(pair.a())).isEqualTo(pixels(image.getSubimage(SIDE, 0, SIDE, SIDE)));
        assertThat(pixels(pair.b())).isEqualTo(pixels(image.getSubimage(0, 0, SIDE, SIDE)));
    }

    @Test
    void leftHalves_modelWithAlpha_keepTransparency() throws Exception {
        BufferedImage image = TestImages.noise(2 * SIDE, SIDE, BufferedImage.TYPE_INT_ARGB, 7);
        Path file = Files.write(folder.resolve("one.png"), TestImages.png(image));
        ImageRecord record =
                new ImageRecords(withAlpha()).leftHalves(named(file)).get(0);

        BufferedImage a = new ImageDecoder(settings.images(), true).decode(record.value());

        assertThat(pixels(a)).isEqualTo(pixels(image.getSubimage(0, 0, SIDE, SIDE)));
    }

    @Test
    void withEdgesAsA_modelWithAlpha_keepsTheAlphaOfBAndDrawsItsOutline() throws Exception {
        Settings alpha = withAlpha();
        BufferedImage photo = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_ARGB);
        Graphics2D graphics = photo.createGraphics();
        graphics.setColor(Color.BLACK);
        graphics.fillRect(8, 8, 16, 16);
        graphics.dispose();
        Path file = Files.write(folder.resolve("photo.png"), TestImages.png(photo));

        ImagePair pair =
                decoded(new ImageRecords(alpha).withEdgesAsA(named(file)).get(0), alpha);

        assertThat(pixels(pair.b())).isEqualTo(pixels(photo));
        assertThat(grey(pair.a(), 8, 16)).as("on an edge").isLessThan(100);
        assertThat(pair.a().getRGB(1, 1)).as("outside").isEqualTo(Color.WHITE.getRGB());
    }

    @Test
    void swapped_modelWithoutAlpha_makesTransparencyWhite() throws Exception {
        BufferedImage clear = new BufferedImage(2 * SIDE, SIDE, BufferedImage.TYPE_INT_ARGB);
        Path file = Files.write(folder.resolve("one.png"), TestImages.png(clear));

        BufferedImage value = ImageIO.read(
                new ByteArrayInputStream(records.swapped(named(file)).get(0).value()));

        assertThat(value.getColorModel().hasAlpha()).isFalse();
        assertThat(value.getRGB(3, 3)).isEqualTo(Color.WHITE.getRGB());
    }

    @Test
    void problems_validAndInvalidFiles_givesReasonsByIndex() throws IOException {
        Path good = Files.write(folder.resolve("good.png"), TestImages.png(RED_BLUE));
        Path text = Files.writeString(folder.resolve("text.png"), "not an image");
        Path single = Files.write(folder.resolve("single.png"), TestImages.png(filled(Color.RED)));
        List<ImageRecord> all = records.unchanged(named(good, text, single));
        AtomicInteger checked = new AtomicInteger();

        Map<Integer, String> problems =
                RecordValidator.of(settings, settings.topics().pairs()).problems(all, checked::incrementAndGet);

        assertThat(checked).hasValue(3);
        assertThat(problems).containsOnlyKeys(1, 2);
        assertThat(problems.get(1)).startsWith(text + ": NOT_AN_IMAGE, ");
        assertThat(problems.get(2)).startsWith(single + ": WRONG_ASPECT, ");
        assertThat(RecordValidator.of(settings, settings.topics().sources()).problems(all, () -> {}))
                .containsOnlyKeys(0, 1);
        assertThat(RecordValidator.of(settings, "another").problems(all, () -> {}))
                .containsOnlyKeys(1);
    }

    private static List<ImageFile> named(Path... files) {
        return ImageFiles.named(List.of(files));
    }

    private static Settings withAlpha() {
        return TestSettings.tiny("model.input-channels=4", "model.output-channels=4");
    }

    private ImagePair decoded(ImageRecord record) throws InvalidInput {
        return decoded(record, settings);
    }

    private static ImagePair decoded(ImageRecord record, Settings settings) throws InvalidInput {
        return new PairDecoder(settings.images(), settings.model()).decode(record.value(), record.layout());
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());
    }

    private static int grey(BufferedImage image, int x, int y) {
        return image.getRGB(x, y) & 0xff;
    }

    private static BufferedImage filled(Color colour) {
        return TestImages.filled(SIDE, SIDE, colour.getRGB());
    }
}
