package dev.tandem.testkit.guarantee;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.testkit.guarantee.OrderPerKey.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every checker accepts a valid example and rejects invalid ones. */
class GuaranteesTest {
    private static final long MEMORY_LIMIT = 2000;

    @Test
    void noLoss_repeatedAndAdditionalOutputs_holds() {
        assertThat(new NoLoss(List.of("a", "b"), List.of("b", "a", "b", "c")).violations())
                .isEmpty();
    }

    @Test
    void noLoss_oneInputMissing_fails() {
        assertThat(new NoLoss(List.of("a", "b"), List.of("a", "c")).violations())
                .containsExactly("b is missing");
    }

    @Test
    void exactlyOnce_eachInputOnceInAnyOrder_holds() {
        assertThat(new ExactlyOnce(List.of("a", "b"), List.of("b", "a")).violations())
                .isEmpty();
    }

    @Test
    void exactlyOnce_missingRepeatedAndUnexpectedOutputs_fails() {
        assertThat(new ExactlyOnce(List.of("a", "b"), List.of("a", "a", "c")).violations())
                .containsExactly("b is missing", "a appears 2 times", "c is not an input");
    }

    @Test
    void orderPerKey_keysInterleaved_holds() {
        assertThat(new OrderPerKey(List.of(new Item("a", 1), new Item("b", 1), new Item("a", 2), new Item("b", 5)))
                        .violations())
                .isEmpty();
    }

    @Test
    void orderPerKey_laterItemFirst_fails() {
        assertThat(new OrderPerKey(List.of(new Item("a", 2), new Item("b", 1), new Item("a", 1))).violations())
                .containsExactly("a: 1 follows 2");
    }

    @Test
    void boundedMemory_sawtooth_holds() {
        List<Long> sawtooth =
                LongStream.range(0, 30).mapToObj(i -> 1000 + 100 * (i % 3)).toList();
        assertThat(new BoundedMemory(sawtooth, 0.1, MEMORY_LIMIT).violations()).isEmpty();
    }

    @Test
    void boundedMemory_slowLeak_fails() {
        List<Long> leak = LongStream.range(0, 30).mapToObj(i -> 1000 + 10 * i).toList();
        assertThat(new BoundedMemory(leak, 0.1, MEMORY_LIMIT).violations())
                .singleElement()
                .asString()
                .startsWith("memory grew");
    }

    @Test
    void boundedMemory_onePeakAboveTheLimit_fails() {
        List<Long> peak =
                LongStream.range(0, 30).mapToObj(i -> i == 7 ? 5000L : 1000L).toList();
        assertThat(new BoundedMemory(peak, 0.1, MEMORY_LIMIT).violations())
                .containsExactly("memory reached 5000 bytes, more than the limit of 2000");
    }

    @Test
    void boundedMemory_tooFewReadings_fails() {
        assertThat(new BoundedMemory(List.of(1L), 0.1, MEMORY_LIMIT).violations())
                .containsExactly("the check needs at least 9 readings, but there are 1");
    }

    @Test
    void auditTrail_stepsRepeatedAfterACrash_countOnce(@TempDir Path folder) throws IOException {
        AuditTrail trail =
                writeTrail(folder, 2, 4, step(1, 2, 0, 2), step(2, 4, 2, 4), step(1, 2, 0, 2), step(2, 4, 2, 4));

        assertThat(trail.records()).containsExactly("pairs-0-0", "pairs-0-1", "pairs-0-2", "pairs-0-3");
        assertThat(trail.repeatedSteps()).isEqualTo(2);
        assertThat(trail.pairs()).isEqualTo(4);
    }

    @Test
    void auditTrail_stepsAfterTheCheckpoint_doNotCount(@TempDir Path folder) throws IOException {
        AuditTrail trail = writeTrail(folder, 1, 2, step(1, 2, 0, 2), step(2, 4, 2, 4));

        assertThat(trail.records()).containsExactly("pairs-0-0", "pairs-0-1");
    }

    @Test
    void auditTrail_skippedBatch_doesNotCount(@TempDir Path folder) throws IOException {
        String skipped = step(1, 4, 2, 4).replace("{\"step\"", "{\"notTaken\": \"a loss is not finite\", \"step\"");
        AuditTrail trail = writeTrail(folder, 2, 6, step(1, 2, 0, 2), skipped, step(2, 6, 4, 6));

        assertThat(trail.records()).containsExactly("pairs-0-0", "pairs-0-1", "pairs-0-4", "pairs-0-5");
    }

    @Test
    void auditTrail_recordUsedTwice_failsExactlyOnce(@TempDir Path folder) throws IOException {
        AuditTrail trail = writeTrail(folder, 2, 4, step(1, 2, 0, 2), step(2, 4, 1, 3));

        assertThat(new ExactlyOnce(List.of("pairs-0-0", "pairs-0-1", "pairs-0-2"), trail.records()).violations())
                .containsExactly("pairs-0-1 appears 2 times");
    }

    /** Writes a checkpoint and the step log beside it. */
    private static AuditTrail writeTrail(Path folder, int step, int pairs, String... lines) throws IOException {
        Path checkpoint = Files.createDirectory(folder.resolve("step-" + step));
        Files.writeString(checkpoint.resolve("state.json"), "{\"step\": " + step + ", \"pairs\": " + pairs + "}");
        Files.write(folder.resolve("steps.jsonl"), List.of(lines));
        return AuditTrail.of(checkpoint);
    }

    /** A line of the step log for a batch with the offsets {@code from} to {@code to}, the last one excluded. */
    private static String step(int step, int pairs, int from, int to) {
        return "{\"step\": " + step + ", \"pairs\": " + pairs + ", \"records\": {\"pairs-0\": [[" + from + ", " + to
                + "]]}}";
    }

    @Test
    void verify_noViolation_passes() {
        assertThatCode(new NoLoss(List.of("a"), List.of("a"))::verify).doesNotThrowAnyException();
    }

    @Test
    void verify_violation_namesTheGuaranteeAndTheViolation() {
        assertThatThrownBy(new NoLoss(List.of("a"), List.of())::verify)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("NoLoss")
                .hasMessageContaining("a is missing");
    }
}
