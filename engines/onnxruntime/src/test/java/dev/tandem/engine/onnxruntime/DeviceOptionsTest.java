package dev.tandem.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Device;
import dev.tandem.config.MemoryLimits;
import dev.tandem.model.engine.EngineOptions;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DeviceOptionsTest {
    private static final EngineOptions OPTIONS = EngineOptions.on("test");

    @Test
    void threads_openMpVariable_isUsed() {
        assertThat(of(OPTIONS, Map.of("OMP_NUM_THREADS", "3")).threads()).isEqualTo(3);
    }

    @Test
    void tensorRt_always_isUsedOnRequestOnly() {
        Map<String, String> requested = Map.of("TANDEM_TENSORRT", "1");

        assertThat(of(OPTIONS, Map.of()).tensorRt()).isFalse();
        assertThat(of(OPTIONS, Map.of("TANDEM_TENSORRT", "0")).tensorRt()).isFalse();
        assertThat(of(OPTIONS, requested).tensorRt()).isTrue();
        assertThat(of(OPTIONS.deterministically(), requested).tensorRt()).isFalse();
    }

    @Test
    void cudaOptions_limit_isThatOfTheDevice() {
        MemoryLimits limits = new MemoryLimits(OptionalLong.of(1 << 20), OptionalLong.of(5L << 30));

        assertThat(of(OPTIONS.with(limits), Map.of()).cudaOptions())
                .containsEntry("gpu_mem_limit", "5368709120")
                .containsEntry("use_tf32", "0")
                .containsEntry("arena_extend_strategy", "kSameAsRequested");
        assertThat(of(OPTIONS, Map.of()).cudaOptions()).doesNotContainKey("gpu_mem_limit");
    }

    @Test
    void maxImages_gpuOrCpu_isOneOrEight() {
        assertThat(of(OPTIONS, Map.of()).maxImages()).isEqualTo(1);
        assertThat(DeviceOptions.of(Device.CPU, OPTIONS, Map.of()).maxImages()).isEqualTo(8);
    }

    private static DeviceOptions of(EngineOptions options, Map<String, String> environment) {
        return DeviceOptions.of(Device.cuda(0), options, environment);
    }
}
