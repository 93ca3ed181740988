package dev.tandem.testkit.invalid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RecordFuzzerTest {
    private static final List<byte[]> VALID = List.of(new byte[] {1, 2, 3, 4}, new byte[] {5, 6, 7});

    @Test
    void record_sameSeed_sameRecords() {
        assertThat(values(7)).usingRecursiveComparison().isEqualTo(values(7));
    }

    @Test
    void record_otherSeed_otherRecords() {
        assertThat(values(7)).usingRecursiveComparison().isNotEqualTo(values(8));
    }

    @Test
    void record_always_leavesTheValidValuesUnchanged() {
        values(7);

        assertThat(VALID).containsExactly(new byte[] {1, 2, 3, 4}, new byte[] {5, 6, 7});
    }

    private static List<byte[]> values(long seed) {
        RecordFuzzer fuzzer = new RecordFuzzer(seed, VALID);
        return IntStream.range(0, 100)
                .mapToObj(i -> fuzzer.record("pairs").value())
                .map(value -> value == null ? new byte[0] : value)
                .toList();
    }
}
