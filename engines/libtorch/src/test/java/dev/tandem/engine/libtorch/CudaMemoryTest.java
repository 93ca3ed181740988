package dev.tandem.engine.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.engine.DeviceMemory;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What does not need a GPU. */
class CudaMemoryTest {
    private static final long GIB = 1L << 30;
    private static final long TOTAL = 85_029_158_912L;

    @Test
    void of_limitBelowTheGpu_limitsTheProcess() {
        CudaMemory memory = CudaMemory.of((byte) 1, TOTAL, OptionalLong.of(20 * GIB));

        assertThat(memory).isEqualTo(new CudaMemory((byte) 1, 20 * GIB, true));
        assertThat(memory.usage(3 * GIB, 4 * GIB))
                .isEqualTo(new DeviceMemory(3 * GIB, 4 * GIB, OptionalLong.of(20 * GIB)));
    }

    @Test
    void of_noLimitOrOneAboveTheGpu_isTheWholeGpu() {
        CudaMemory whole = new CudaMemory((byte) 0, TOTAL, false);

        assertThat(CudaMemory.of((byte) 0, TOTAL, OptionalLong.empty())).isEqualTo(whole);
        assertThat(CudaMemory.of((byte) 0, TOTAL, OptionalLong.of(200 * GIB))).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(longs = {1L << 20, 333_333_333L, 7_777_777_777L, TOTAL / 3, TOTAL - 1, TOTAL})
    void fraction_anyLimit_allowsExactlyThatManyBytes(long limit) {
        double fraction = CudaMemory.fraction(limit, TOTAL);

        assertThat(fraction).isLessThanOrEqualTo(1);
        assertThat((long) (fraction * TOTAL)).isEqualTo(limit);
    }

    @Test
    void unusable_messageWithTraceOfCpp_isOneLineWithARemedy() {
        RuntimeException busy =
                new RuntimeException("CUDA error: CUDA-capable device(s) is/are busy or unavailable\nException"
                        + " raised from c10_cuda_check_implementation at CUDAException.cpp:44");

        assertThat(CudaMemory.unusable(1, busy))
                .hasMessage(
                        "GPU 1 cannot be used (CUDA error: CUDA-capable device(s) is/are busy or unavailable); end other"
                                + " processes that use it, or choose another device with model.device");
    }
}
