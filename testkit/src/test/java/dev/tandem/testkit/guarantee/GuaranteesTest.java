package dev.tandem.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.testkit.guarantee.OrderPerKey.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    void auditTrail_stepsLostInACrashAndTakenAgain_countOnce(@TempDir Path folder) throws IOException {
        AuditTrail trail = trail(folder, 2, 4, step(1, 2, 0, 2), step(2, 4, 2, 4), step(1, 2, 0, 2), step(2, 4, 2, 4));

        assertThat(trail.records()).containsExactly("pairs-0-0", "pairs-0-1", "pairs-0-2", "pairs-0-3");
        assertThat(trail.lost()).isEqualTo(2);
    }

    @Test
    void auditTrail_recordLearntTwice_fails(@TempDir Path folder) throws IOException {
        AuditTrail trail = trail(folder, 2, 4, step(1, 2, 0, 2), step(2, 4, 1, 3));

        assertThat(new ExactlyOnce(List.of("pairs-0-0", "pairs-0-1", "pairs-0-2"), trail.records()).violations())
                .containsExactly("pairs-0-1 came 2 times");
    }

    private static AuditTrail trail(Path folder, int step, int pairs, String... lines) throws IOException {
        Path checkpoint = Files.createDirectory(folder.resolve("step-" + step));
        Files.writeString(checkpoint.resolve("state.json"), "{\"step\": " + step + ", \"pairs\": " + pairs + "}");
        Files.write(folder.resolve("steps.jsonl"), List.of(lines));
        return AuditTrail.of(checkpoint);
    }

    private static String step(int step, int pairs, int from, int to) {
        return "{\"step\": " + step + ", \"pairs\": " + pairs + ", \"records\": {\"pairs-0\": [[" + from + ", " + to
                + "]]}}";
    }

    @Test
    void verify_violated_saysWhatAndOfWhat() {
        assertThatThrownBy(new NoLoss(List.of("a"), List.of())::verify)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("NoLoss")
                .hasMessageContaining("a was lost");
    }
}
