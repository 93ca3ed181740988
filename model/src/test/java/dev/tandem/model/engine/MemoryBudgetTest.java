package dev.tandem.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Device;
import dev.tandem.config.MemoryLimits;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.TestSettings;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final long MIB = 1L << 20;
    private static final MemoryLimits LIMITS = new MemoryLimits(OptionalLong.of(3 * MIB), OptionalLong.of(5 * MIB));

    private final MemoryBudget budget = MemoryBudget.of(Device.CPU, LIMITS);

    @Test
    void reserve_upToTheLimit_isCounted() {
        budget.reserve(MIB);
        budget.reserve(2 * MIB);
        budget.release(MIB);

        assertThat(budget.memory()).isEqualTo(new DeviceMemory(2 * MIB, 2 * MIB, OptionalLong.of(3 * MIB)));
    }

    @Test
    void reserve_overTheLimit_isRejectedAndNotCounted() {
        budget.reserve(2 * MIB);

        assertThatThrownBy(() -> budget.reserve(2 * MIB))
                .isInstanceOf(DeviceMemoryException.class)
                .hasMessage("the model needs more than 3 MiB outside the heap, but run.max-off-heap limits it to 3 MiB;"
                        + " raise it, or lower train.batch-size, model.image-size or model.width");
        assertThat(budget.memory().used()).isEqualTo(2 * MIB);
    }

    @Test
    void reserve_gpu_hasItsOwnLimit() {
        MemoryBudget gpu = MemoryBudget.of(Device.cuda(0), LIMITS);
        gpu.reserve(4 * MIB);

        assertThatThrownBy(() -> gpu.reserve(2 * MIB))
                .hasMessageStartingWith(
                        "the model needs more than 5 MiB on the GPU, but run.max-device-memory limits it"
                                + " to 5 MiB; raise it");
    }

    @Test
    void memory_gpuWithoutLimit_isNotLimited() {
        MemoryBudget gpu = MemoryBudget.of(Device.CUDA, MemoryLimits.NONE);
        gpu.reserve(1L << 60);

        assertThat(gpu.memory()).isEqualTo(new DeviceMemory(1L << 60, 1L << 60, OptionalLong.empty()));
    }

    @Test
    void memory_cpuWithoutLimit_isLimitedByTheMachine() {
        assertThat(MemoryBudget.of(Device.CPU, MemoryLimits.NONE).memory().limit())
                .isPresent();
    }

    @Test
    void run_overTheLimit_namesTheWorkload() {
        Settings settings = TestSettings.tiny("model.image-size=32x64");

        assertThatThrownBy(() -> Workload.translation(settings, 16).run(() -> {
                    budget.reserve(4 * MIB);
                    return true;
                }))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "translation with batch size 16 and image size 32x64 failed: the model needs more than 3 MiB"
                                + " outside the heap, but run.max-off-heap limits it to 3 MiB; raise it, or lower"
                                + " translate.batch-size, model.image-size or model.width");
    }

    @Test
    void run_otherFailure_isUnchanged() {
        IllegalStateException failure = new IllegalStateException("broken");

        assertThatThrownBy(() -> Workload.training(TestSettings.tiny()).run(() -> {
                    throw failure;
                }))
                .isSameAs(failure);
    }
}
