package dev.tandem.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.ModelSettings.Device;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.Engines.Choice;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnginesTest {
    private static final DeviceSupport CPU = DeviceSupport.usable("CPU");
    private static final EngineProvider CPU_ONLY =
            new Provider("cpu only", CPU, DeviceSupport.unusable("no GPU was found"));
    private static final EngineProvider WITH_GPU = new Provider("with gpu", CPU, DeviceSupport.usable("A100"));
    private static final EngineProvider UNUSABLE = new Provider(
            "unusable", DeviceSupport.unusable("the CPU has no AVX2"), DeviceSupport.unusable("the GPU is too old"));

    /** A provider that reports its support but opens no engine. */
    private record Provider(String name, DeviceSupport cpu, DeviceSupport gpu) implements EngineProvider {
        @Override
        public DeviceSupport support(Device device) {
            return device == Device.CPU ? cpu : gpu;
        }

        @Override
        public Engine open(Device device, EngineOptions options) {
            throw new AssertionError("no engine is opened in this test");
        }
    }

    @Test
    void choose_cpu_ignoresUsableGpu() {
        assertThat(Engines.choose(Device.CPU, List.of(WITH_GPU)))
                .isEqualTo(new Choice(WITH_GPU, Device.CPU, "CPU, as set by model.device"));
    }

    @Test
    void choose_autoWithUsableGpu_isFirstEngineThatCanUseIt() {
        assertThat(Engines.choose(Device.AUTO, List.of(CPU_ONLY, WITH_GPU)))
                .isEqualTo(new Choice(WITH_GPU, Device.CUDA, "GPU A100"));
    }

    @Test
    void choose_autoWithoutUsableGpu_isCpuWithReason() {
        assertThat(Engines.choose(Device.AUTO, List.of(CPU_ONLY)))
                .isEqualTo(new Choice(CPU_ONLY, Device.CPU, "CPU, because no GPU was found"));
    }

    @Test
    void choose_cudaWithoutUsableGpu_isRejectedWithReasonAndRemedy() {
        assertThatThrownBy(() -> Engines.choose(Device.CUDA, List.of(CPU_ONLY)))
                .isInstanceOf(SettingsException.class)
                .hasMessage("model.device is cuda, but no GPU was found; set model.device=auto to use the CPU");
    }

    @Test
    void choose_severalEngines_isFirstThatCanUseTheCpuWithAllReasonsAgainstTheGpu() {
        assertThat(Engines.choose(Device.CPU, List.of(UNUSABLE, CPU_ONLY)))
                .isEqualTo(new Choice(CPU_ONLY, Device.CPU, "CPU, as set by model.device"));
        assertThat(Engines.choose(Device.AUTO, List.of(UNUSABLE, CPU_ONLY)))
                .isEqualTo(new Choice(CPU_ONLY, Device.CPU, "CPU, because the GPU is too old; no GPU was found"));
    }

    @Test
    void choose_cpuUnusable_isRejectedWithReason() {
        assertThatThrownBy(() -> Engines.choose(Device.CPU, List.of(UNUSABLE)))
                .isInstanceOf(SettingsException.class)
                .hasMessage("no engine can use the CPU: the CPU has no AVX2");
    }

    @Test
    void choose_noEngineOnClassPath_isRejectedWithRemedy() {
        assertThatThrownBy(() -> Engines.choose(Device.AUTO, List.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessage("no engine is on the class path; add tandem-engine-nd4j");
    }
}
