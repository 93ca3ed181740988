package dev.tandem.app.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.app.guarantee.OrderPerKey.Item;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Each checker with an example that holds and those that must not. */
class GuaranteesTest {
    private static final long LIMIT = 2000;

    @Test
    void noLoss_someTwice_holds() {
        assertThat(new NoLoss(List.of("a", "b"), List.of("b", "a", "b")).violations())
                .isEmpty();
    }

    @Test
    void noLoss_oneMissing_fails() {
        assertThat(new NoLoss(List.of("a", "b"), List.of("a", "c")).violations())
                .containsExactly("b was lost");
    }

    @Test
    void exactlyOnce_eachOnceInAnyOrder_holds() {
        assertThat(new ExactlyOnce(List.of("a", "b"), List.of("b", "a")).violations())
                .isEmpty();
    }

    @Test
    void exactlyOnce_lostDoubledOrUnasked_fails() {
        assertThat(new ExactlyOnce(List.of("a", "b"), List.of("a", "a", "c")).violations())
                .containsExactly("b was lost", "a came 2 times", "c was never asked for");
    }

    @Test
    void orderPerKey_keysInterleaved_holds() {
        assertThat(new OrderPerKey(List.of(new Item("a", 1), new Item("b", 1), new Item("a", 2), new Item("b", 5)))
                        .violations())
                .isEmpty();
    }

    @Test
    void orderPerKey_oneOvertaken_fails() {
        assertThat(new OrderPerKey(List.of(new Item("a", 2), new Item("b", 1), new Item("a", 1))).violations())
                .containsExactly("a: 1 came after 2");
    }

    @Test
    void boundedMemory_sawtooth_holds() {
        List<Long> teeth =
                LongStream.range(0, 30).mapToObj(i -> 1000 + 100 * (i % 3)).toList();
        assertThat(new BoundedMemory(teeth, 0.1, LIMIT).violations()).isEmpty();
    }

    @Test
    void boundedMemory_slowLeak_fails() {
        List<Long> leak = LongStream.range(0, 30).mapToObj(i -> 1000 + 10 * i).toList();
        assertThat(new BoundedMemory(leak, 0.1, LIMIT).violations())
                .singleElement()
                .asString()
                .startsWith("memory grew");
    }

    @Test
    void boundedMemory_onePeakBeyondTheLimit_fails() {
        List<Long> peak =
                LongStream.range(0, 30).mapToObj(i -> i == 7 ? 5000L : 1000L).toList();
        assertThat(new BoundedMemory(peak, 0.1, LIMIT).violations())
                .containsExactly("memory reached 5000 bytes, beyond 2000");
    }

    @Test
    void boundedMemory_hardlyAnyReadings_fails() {
        assertThat(new BoundedMemory(List.of(1L), 0.1, LIMIT).violations()).containsExactly("1 readings say nothing");
    }

    @Test
    void verify_violated_saysWhatAndOfWhat() {
        assertThatThrownBy(new NoLoss(List.of("a"), List.of())::verify)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("NoLoss")
                .hasMessageContaining("a was lost");
    }
}
