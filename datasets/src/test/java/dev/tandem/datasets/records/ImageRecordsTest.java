package dev.tandem.datasets.records;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.UserError;
import dev.tandem.images.decode.ImagePair;
import dev.tandem.images.decode.InvalidInput;
import dev.tandem.images.decode.PairDecoder;
import dev.tandem.images.encode.PngEncoder;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageRecordsTest {
    private static final int SIDE = 32;

    @TempDir
    private Path folder;

    private final Settings settings = SettingsLoader.load(Optional.empty(), List.of());
    private final ImageRecords items = new ImageRecords(settings.images());

    @Test
    void turnedRound_bLeftOfA_becomesAPairWithALeft() throws Exception {
        Path file = Files.write(folder.resolve("one.png"), PngEncoder.encode(halves(Color.RED, Color.BLUE)));

        ImagePair pair = decoded(items.turnedRound(List.of(file)).get(0));

        assertThat(pair.a().getRGB(3, 3)).isEqualTo(Color.BLUE.getRGB());
        assertThat(pair.b().getRGB(3, 3)).isEqualTo(Color.RED.getRGB());
    }

    @Test
    void onlyA_pair_isItsLeftHalf() throws IOException {
        Path file = Files.write(folder.resolve("one.png"), PngEncoder.encode(halves(Color.RED, Color.BLUE)));

        BufferedImage a = ImageIO.read(
                new ByteArrayInputStream(items.onlyA(List.of(file)).get(0).value()));

        assertThat(a.getWidth()).isEqualTo(SIDE);
        assertThat(a.getRGB(SIDE - 1, 3)).isEqualTo(Color.RED.getRGB());
    }

    @Test
    void matched_twoFolders_arePairsByNameWhateverTheirFormats() throws Exception {
        Path a = Files.createDirectory(folder.resolve("a"));
        Path b = Files.createDirectory(folder.resolve("b"));
        Files.write(a.resolve("x.png"), PngEncoder.encode(plain(Color.RED)));
        ImageIO.write(plain(Color.BLUE), "bmp", b.resolve("x.bmp").toFile());

        List<ImageRecord> matched = items.matched(a, b);

        assertThat(matched).extracting(ImageRecord::name).containsExactly("x");
        ImagePair pair = decoded(matched.get(0));
        assertThat(pair.a().getRGB(0, 0)).isEqualTo(Color.RED.getRGB());
        assertThat(pair.b().getRGB(0, 0)).isEqualTo(Color.BLUE.getRGB());
    }

    @Test
    void matched_fileWithoutAPartner_isNamed() throws IOException {
        Path a = Files.createDirectory(folder.resolve("a"));
        Path b = Files.createDirectory(folder.resolve("b"));
        Files.write(a.resolve("x.png"), PngEncoder.encode(plain(Color.RED)));
        Files.write(a.resolve("y.png"), PngEncoder.encode(plain(Color.RED)));
        Files.write(b.resolve("x.png"), PngEncoder.encode(plain(Color.RED)));

        assertThatThrownBy(() -> items.matched(a, b))
                .isInstanceOf(UserError.class)
                .hasMessage("1 files have no partner in " + b + ": y");
    }

    @Test
    void withEdges_photo_isBWithItsOutlineAsA() throws Exception {
        BufferedImage photo = plain(Color.WHITE);
        Graphics2D graphics = photo.createGraphics();
        graphics.setColor(Color.BLUE);
        graphics.fillRect(8, 8, 16, 16);
        graphics.dispose();
        Path file = Files.write(folder.resolve("photo.png"), PngEncoder.encode(photo));

        ImagePair pair = decoded(items.withEdges(List.of(file)).get(0));

        assertThat(pair.b().getRGB(16, 16)).isEqualTo(Color.BLUE.getRGB());
        assertThat(grey(pair.a(), 8, 16)).as("on an edge").isLessThan(100);
        assertThat(grey(pair.a(), 16, 16)).as("within").isGreaterThan(240);
        assertThat(grey(pair.a(), 1, 1)).as("outside").isGreaterThan(240);
    }

    @Test
    void problems_filesOfAllKinds_areToldByPlaceAndReason() throws IOException {
        Path good = Files.write(folder.resolve("good.png"), PngEncoder.encode(halves(Color.RED, Color.BLUE)));
        Path text = Files.writeString(folder.resolve("text.png"), "no picture");
        Path single = Files.write(folder.resolve("single.png"), PngEncoder.encode(plain(Color.RED)));
        List<ImageRecord> all = items.asTheyAre(List.of(good, text, single));
        int[] looked = {0};

        Map<Integer, String> pairs =
                RecordValidator.of(settings, settings.topics().pairs()).problems(all, () -> count(looked));

        assertThat(looked[0]).isEqualTo(3);
        assertThat(pairs).containsOnlyKeys(1, 2);
        assertThat(pairs.get(1)).startsWith("text.png: NOT_AN_IMAGE, ");
        assertThat(pairs.get(2)).startsWith("single.png: WRONG_ASPECT, ");
        assertThat(RecordValidator.of(settings, settings.topics().sources()).problems(all, () -> {}))
                .containsOnlyKeys(0, 1);
        assertThat(RecordValidator.of(settings, "another").problems(all, () -> {}))
                .containsOnlyKeys(1);
    }

    private static synchronized void count(int[] looked) {
        looked[0]++;
    }

    private ImagePair decoded(ImageRecord item) throws InvalidInput {
        return new PairDecoder(settings.images(), settings.model()).decode(item.value(), item.layout());
    }

    private static int grey(BufferedImage picture, int x, int y) {
        return picture.getRGB(x, y) & 0xff;
    }

    private static BufferedImage plain(Color colour) {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        fill(picture, colour, 0);
        return picture;
    }

    private static BufferedImage halves(Color left, Color right) {
        BufferedImage picture = new BufferedImage(2 * SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        fill(picture, left, 0);
        fill(picture, right, SIDE);
        return picture;
    }

    private static void fill(BufferedImage picture, Color colour, int from) {
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(colour);
        graphics.fillRect(from, 0, SIDE, SIDE);
        graphics.dispose();
    }
}
