package dev.tandem.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.SettingsException;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final long MIB = 1L << 20;

    private final MemoryBudget budget = new MemoryBudget(3 * MIB);

    @Test
    void reserve_upToTheLimit_isCounted() {
        budget.reserve(MIB);
        budget.reserve(2 * MIB);
        budget.release(MIB);

        assertThat(budget.bytes()).isEqualTo(2 * MIB);
    }

    @Test
    void reserve_overTheLimit_isRejectedAndNotCounted() {
        budget.reserve(2 * MIB);

        assertThatThrownBy(() -> budget.reserve(2 * MIB))
                .isInstanceOf(SettingsException.class)
                .hasMessage("the model needs more than 3 MiB outside the heap, but run.max-off-heap limits it to 3 MiB;"
                        + " raise it, or lower model.image-size, model.width or train.batch-size");
        assertThat(budget.bytes()).isEqualTo(2 * MIB);
    }
}
