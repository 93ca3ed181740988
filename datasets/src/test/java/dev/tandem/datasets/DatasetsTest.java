package dev.tandem.datasets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.UserError;
import dev.tandem.datasets.Dataset.Example;
import java.awt.image.BufferedImage;
import java.nio.IntBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DatasetsTest {
    private static final int SIDE = 64;

    @Test
    void openmoji_loaded_hasAllIconsAndHundredsOfOutlinesInSixColourings() {
        Dataset openmoji = OpenMoji.load();
        Map<String, Long> sizes =
                openmoji.examples().stream().collect(Collectors.groupingBy(Example::group, Collectors.counting()));

        assertThat(openmoji.examples()).hasSize(4216);
        assertThat(sizes.values().stream().filter(size -> size == 6).count()).isGreaterThan(200);
    }

    @Test
    void openmoji_pair_isABlackOutlineAndTheColouredIcon() {
        Example example = OpenMoji.load().examples().stream()
                .filter(candidate -> candidate.name().equals("grinning-face"))
                .findFirst()
                .orElseThrow();

        BufferedImage pair = example.render(SIDE);

        assertThat(colours(pair, 0)).allSatisfy(DatasetsTest::assertGrey);
        assertThat(colours(pair, SIDE))
                .anySatisfy(rgb -> assertThat((rgb >> 16 & 0xff) - (rgb & 0xff)).isGreaterThan(150));
        assertThat(colours(pair, 0)).hasSizeGreaterThan(2);
    }

    @Test
    void openmoji_skinTones_haveTheSameGroupAndOutline() {
        List<Example> hands = OpenMoji.load().examples().stream()
                .filter(example -> example.name().matches("backhand-index-pointing-up(-.*-skin-tone)?"))
                .toList();
        assertThat(hands).hasSize(6);
        assertThat(hands.stream().map(Example::group).distinct()).hasSize(1);
        int[] first = outline(hands.get(0));
        assertThat(hands).allSatisfy(hand -> assertThat(outline(hand)).isEqualTo(first));
    }

    @Test
    void split_openmoji_keepsEachGroupInOneSplit() {
        Dataset openmoji = OpenMoji.load();
        Set<String> train = groups(openmoji.split(Split.TRAIN, 42));
        Set<String> heldOut = groups(openmoji.split(Split.HELD_OUT, 42));

        assertThat(train).doesNotContainAnyElementsOf(heldOut);
        assertThat((double) heldOut.size() / (train.size() + heldOut.size())).isBetween(0.07, 0.13);
    }

    @ParameterizedTest
    @CsvSource({
        "shapes, 1",
        "shapes, 10",
        "shapes, 200",
        "shapes, 1234",
        "openmoji, 60",
        "openmoji, 200",
        "openmoji, 3000"
    })
    void first_anyNumber_holdsOutOneTenth(String name, int count) {
        Dataset dataset = Datasets.named(name, 42);
        Map<Split, Long> sizes = dataset.first(count, 42).stream()
                .collect(Collectors.groupingBy(example -> Split.of(example.group(), 42), Collectors.counting()));

        assertThat(sizes.getOrDefault(Split.HELD_OUT, 0L)).isEqualTo(Math.round(count / 10.0));
        assertThat(sizes.get(Split.TRAIN)).isEqualTo(count - Math.round(count / 10.0));
    }

    @Test
    void first_numberLargerThanTheDataSet_isTheDataSet() {
        Dataset shapes = Shapes.generate(7);

        assertThat(shapes.first(Integer.MAX_VALUE, 7)).isEqualTo(shapes.examples());
    }

    @Test
    void openmoji_identicalOutlines_haveTheSameGroup() {
        List<Example> examples = OpenMoji.load().examples();
        Map<IntBuffer, Set<String>> groupsByOutline = examples.parallelStream()
                .collect(Collectors.groupingByConcurrent(
                        example -> IntBuffer.wrap(outline(example)),
                        Collectors.mapping(Example::group, Collectors.toSet())));

        assertThat(groupsByOutline.values())
                .allSatisfy(groups -> assertThat(groups).hasSize(1));
    }

    @Test
    void shapes_sameSeed_givesTheSameImages() {
        BufferedImage first = Shapes.generate(3).examples().get(10).render(32);
        BufferedImage again = Shapes.generate(3).examples().get(10).render(32);

        assertThat(pixels(first, 0, 64)).isEqualTo(pixels(again, 0, 64));
    }

    @Test
    void named_unknownName_listsTheDataSets() {
        assertThatThrownBy(() -> Datasets.named("imagenet", 1))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("openmoji and shapes");
    }

    private static Set<String> groups(List<Example> examples) {
        return examples.stream().map(Example::group).collect(Collectors.toSet());
    }

    private static int[] outline(Example example) {
        return pixels(example.render(SIDE), 0, SIDE);
    }

    private static int[] pixels(BufferedImage pair, int x, int width) {
        return pair.getRGB(x, 0, width, pair.getHeight(), null, 0, width);
    }

    private static Set<Integer> colours(BufferedImage pair, int x) {
        Set<Integer> colours = new HashSet<>();
        for (int pixel : pixels(pair, x, SIDE)) {
            colours.add(pixel & 0xffffff);
        }
        return colours;
    }

    private static void assertGrey(int rgb) {
        assertThat(rgb >> 16 & 0xff).isEqualTo(rgb & 0xff).isEqualTo(rgb >> 8 & 0xff);
    }
}
