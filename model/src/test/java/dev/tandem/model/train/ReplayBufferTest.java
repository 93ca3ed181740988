package dev.tandem.model.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.Checkpoint.PastPairs;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.TestCheckpoints;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.ReplayBuffer.Batch;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayBufferTest {
    private static final float STEP = 1 / 127.5f;
    /** Number of values of an image of the model. */
    private static final int IMAGE = 3 * 32 * 32;

    @TempDir
    private Path folder;

    @Test
    void mix_halfShare_alternatesFreshAndPastPairs() {
        ReplayBuffer buffer = buffer("train.batch-size=8", "train.replay.capacity=10");
        buffer.offer(pairs(1), pairs(1));

        Batch even = buffer.mix(pairs(10, 20, 30, 40), pairs(10, 20, 30, 40), 4);
        Batch odd = buffer.mix(pairs(10, 20, 30, 40), pairs(10, 20, 30, 40), 5);

        assertThat(levels(even.a())).containsExactly(10, 1, 20, 1, 30, 1, 40, 1);
        assertThat(levels(odd.a())).containsExactly(1, 10, 1, 20, 1, 30, 1, 40);
        assertThat(levels(even.b())).isEqualTo(levels(even.a()));
    }

    @Test
    void mix_smallBatchWithQuarterShare_hasTheSameShare() {
        ReplayBuffer buffer = buffer("train.batch-size=8", "train.replay.capacity=10", "train.replay.share=0.25");
        buffer.offer(pairs(1), pairs(1));

        assertThat(levels(buffer.mix(pairs(2, 3, 4, 5, 6, 7), pairs(2, 3, 4, 5, 6, 7), 0)
                        .a()))
                .containsExactly(2, 3, 4, 1, 5, 6, 7, 1);
        assertThat(levels(buffer.mix(pairs(2, 3, 4), pairs(2, 3, 4), 0).a())).containsExactly(2, 3, 4, 1);
    }

    /** With half batches for two networks, both must get the past pair in turn. */
    @Test
    void mix_onePastPair_takesEveryPlaceInTurn() {
        ReplayBuffer buffer = buffer("train.batch-size=4", "train.replay.capacity=10", "train.replay.share=0.25");
        buffer.offer(pairs(1), pairs(1));

        assertThat(IntStream.range(0, 4)
                        .map(step -> levels(buffer.mix(pairs(2, 3, 4), pairs(2, 3, 4), step)
                                        .a())
                                .indexOf(1)))
                .containsExactlyInAnyOrder(0, 1, 2, 3);
    }

    @Test
    void mix_noPastPairs_repeatsFreshPairs() {
        ReplayBuffer buffer = buffer("train.batch-size=4", "train.replay.capacity=10");

        assertThat(levels(buffer.mix(pairs(7, 7), pairs(7, 7), 0).a())).containsExactly(7, 7, 7, 7);
    }

    @Test
    void mix_capacityZero_returnsTheBatch() {
        ReplayBuffer buffer = buffer("train.batch-size=4");
        Tensor a = pairs(1, 2, 3, 4);
        buffer.offer(a, a);

        assertThat(buffer.mix(a, a, 0).a()).isSameAs(a);
        assertThat(buffer.content()).isEqualTo(PastPairs.NONE);
    }

    @Test
    void mix_sameStep_choosesTheSamePairs() {
        ReplayBuffer buffer = buffer("train.batch-size=8", "train.replay.capacity=100");
        for (int i = 0; i < 100; i++) {
            buffer.offer(pairs(i), pairs(i));
        }
        Tensor fresh = pairs(200, 201, 202, 203);

        List<Integer> chosen = levels(buffer.mix(fresh, fresh, 3).a());

        assertThat(levels(buffer.mix(fresh, fresh, 3).a())).isEqualTo(chosen);
        assertThat(levels(buffer.mix(fresh, fresh, 4).a())).isNotEqualTo(chosen);
    }

    /** The sample has early, middle and late pairs equally often, within four standard deviations. */
    @Test
    void offer_moreThanCapacity_samplesEvenly() {
        int[] thirds = new int[3];
        int runs = 60;
        for (int seed = 0; seed < runs; seed++) {
            ReplayBuffer buffer = buffer("train.seed=" + seed, "train.replay.capacity=50");
            for (int i = 0; i < 198; i++) {
                buffer.offer(pairs(i), pairs(i));
            }
            PastPairs content = buffer.content();
            assertThat(content.pairs()).hasSize(50);
            assertThat(content.offered()).isEqualTo(198);
            content.pairs().forEach(pair -> thirds[Byte.toUnsignedInt(pair.a()[0]) / 66]++);
        }
        double expected = runs * 50 / 3.0;
        double deviation = Math.sqrt(runs * 50 * (1 / 3.0) * (2 / 3.0));
        for (int third : thirds) {
            assertThat((double) third).isCloseTo(expected, within(4 * deviation));
        }
    }

    @Test
    void restore_sameCapacity_continuesIdentically() {
        ReplayBuffer one = offered(20, "train.replay.capacity=5");
        ReplayBuffer other = buffer("train.replay.capacity=5");

        other.restore(saved(one));

        for (int i = 20; i < 50; i++) {
            one.offer(pairs(i), pairs(i));
            other.offer(pairs(i), pairs(i));
        }
        assertThat(levels(other.content())).isEqualTo(levels(one.content()));
    }

    /** The sample must contain early and late pairs. */
    @Test
    void restore_smallerCapacity_samplesThePastPairs() {
        ReplayBuffer small = buffer("train.replay.capacity=10");

        small.restore(saved(offered(40, "train.replay.capacity=40")));

        assertThat(levels(small.content())).hasSize(10).doesNotHaveDuplicates();
        assertThat(levels(small.content())).anyMatch(level -> level >= 20).anyMatch(level -> level < 20);
        assertThat(small.content().offered()).isEqualTo(40);
    }

    /** After 200 pairs, each new one enters a sample of 20 with a probability of a tenth, although there is room. */
    @Test
    void restore_largerCapacity_fillsAtTheSamplingRate() {
        ReplayBuffer larger = buffer("train.replay.capacity=20");
        larger.restore(saved(offered(200, "train.replay.capacity=5")));

        for (int i = 200; i < 230; i++) {
            larger.offer(pairs(i), pairs(i));
        }

        assertThat(larger.content().pairs()).hasSizeBetween(6, 14);
    }

    @Test
    void requireRoom_moreThanHalfTheHeap_namesTheLargestCapacity() {
        Settings settings = TestSettings.tiny("train.replay.capacity=1000");
        long pairBytes = 6L * 32 * 32;

        assertThatCode(() -> ReplayBuffer.requireRoom(settings, 2000 * pairBytes))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> ReplayBuffer.requireRoom(settings, 1000 * pairBytes))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("train.replay.capacity is 1000")
                .hasMessageContaining("set it to at most 500");
    }

    private static ReplayBuffer offered(int count, String... assignments) {
        ReplayBuffer buffer = buffer(assignments);
        for (int i = 0; i < count; i++) {
            buffer.offer(pairs(i), pairs(i));
        }
        return buffer;
    }

    private Checkpoint saved(ReplayBuffer buffer) {
        Settings settings = TestSettings.tiny("train.replay.capacity=40");
        return Checkpoint.open(Checkpoint.save(
                CheckpointStore.open(new CheckpointSettings(folder, 1, 3)),
                TestCheckpoints.content(settings, buffer.content())));
    }

    private static ReplayBuffer buffer(String... assignments) {
        return new ReplayBuffer(TestSettings.tiny(assignments));
    }

    /** Images of these levels, 0 to 255, in all their values. */
    private static Tensor pairs(int... levels) {
        Tensor images = Tensor.zeros(levels.length, 3, 32, 32);
        for (int i = 0; i < levels.length; i++) {
            Arrays.fill(images.data(), i * IMAGE, (i + 1) * IMAGE, levels[i] * STEP - 1);
        }
        return images;
    }

    private static List<Integer> levels(Tensor batch) {
        return IntStream.range(0, batch.shape().batch())
                .mapToObj(i -> Math.round((batch.data()[i * IMAGE] + 1) / STEP))
                .toList();
    }

    private static List<Integer> levels(PastPairs content) {
        return content.pairs().stream()
                .map(pair -> Byte.toUnsignedInt(pair.a()[0]))
                .toList();
    }
}
