package dev.tandem.images.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.ImageSettings;
import dev.tandem.images.TestImages;
import dev.tandem.images.decode.Pictures.Picture;
import dev.tandem.images.decode.Pictures.Result;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Compares the decoder with Pillow: each picture is decoded to the same levels or rejected for the expected reason. */
class PillowParityTest {
    private static final int TOLERANCE = 2;

    private final Pictures pictures = Pictures.read(PillowParityTest.class.getResourceAsStream("pictures.zip"));
    private final List<Difference> exceptions = exceptions();

    /**
     * A known difference.
     *
     * @param names regular expression
     * @param bound largest difference in levels
     */
    private record Difference(String names, int bound, String cause) {}

    private static List<Difference> exceptions() {
        try (InputStream table = PillowParityTest.class.getResourceAsStream("picture-exceptions.tsv")) {
            return new String(table.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t"))
                    .map(fields -> new Difference(fields[0], Integer.parseInt(fields[1]), fields[2]))
                    .toList();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> decode_picture_equalsPillow() {
        return pictures.list().stream().map(picture -> DynamicTest.dynamicTest(picture.name(), () -> check(picture)));
    }

    @Test
    void pictures_haveEachOutcome() {
        Map<String, Long> counts = pictures.list().stream()
                .collect(Collectors.groupingBy(this::outcome, TreeMap::new, Collectors.counting()));

        System.out.println("pictures compared with Pillow: " + counts);
        assertThat(pictures.list()).hasSizeGreaterThan(300);
        assertThat(exceptions)
                .allSatisfy(exception -> assertThat(pictures.list())
                        .as(exception.names)
                        .anyMatch(picture -> picture.name().matches(exception.names)));
    }

    private String outcome(Picture picture) {
        String format = picture.name().replaceAll("/.*", "");
        return format + " "
                + picture.reason().map(Enum::name).orElse(bound(picture) > TOLERANCE ? "exception" : "equal");
    }

    private int bound(Picture picture) {
        return exceptions.stream()
                .filter(exception -> picture.name().matches(exception.names))
                .mapToInt(Difference::bound)
                .findFirst()
                .orElse(TOLERANCE);
    }

    private void check(Picture picture) throws InvalidInput {
        ImageSettings limits = limits(picture.depth());
        if (picture.result().isEmpty()) {
            assertThatThrownBy(() -> new ImageDecoder(limits).decode(picture.file()))
                    .isInstanceOfSatisfying(
                            InvalidInput.class,
                            e -> assertThat(e.reason())
                                    .isEqualTo(picture.reason().get()));
            return;
        }
        Result expected = picture.result().get();
        BufferedImage opaque = new ImageDecoder(limits).decode(picture.file());
        BufferedImage transparent = new ImageDecoder(limits, true).decode(picture.file());
        assertThat(opaque.getWidth() + "x" + opaque.getHeight()).isEqualTo(expected.width() + "x" + expected.height());
        assertThat(opaque.getType()).isEqualTo(BufferedImage.TYPE_INT_RGB);
        assertThat(transparent.getType()).isEqualTo(BufferedImage.TYPE_INT_ARGB);
        assertThat(difference(opaque, expected.rgb(), 3)).as("RGB").isLessThanOrEqualTo(bound(picture));
        assertThat(difference(transparent, expected.rgba(), 4)).as("RGBA").isLessThanOrEqualTo(bound(picture));
    }

    private static ImageSettings limits(OptionalInt depth) {
        ImageSettings limits = TestImages.limits(1_000_000, 1 << 20);
        return new ImageSettings(
                limits.maxPixels(),
                limits.maxBytes(),
                limits.minSide(),
                limits.maxDistortion(),
                limits.decodeParallelism(),
                depth,
                limits.scaling());
    }

    /** The largest difference of a level. The colours of fully transparent pixels do not count. */
    private static int difference(BufferedImage image, byte[] expected, int channels) {
        int largest = 0;
        for (int i = 0; i < expected.length / channels; i++) {
            int pixel = image.getRGB(i % image.getWidth(), i / image.getWidth());
            boolean visible = channels == 3 || expected[channels * i + 3] != 0;
            for (int c = visible ? 0 : 3; c < channels; c++) {
                int level = pixel >>> (c == 3 ? 24 : 16 - 8 * c) & 0xff;
                largest = Math.max(largest, Math.abs(level - (expected[channels * i + c] & 0xff)));
            }
        }
        return largest;
    }
}
