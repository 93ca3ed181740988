package dev.tandem.model.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.ModelSettings.Device;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.nd4j.GpuProbe.Gpu;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeviceChoiceTest {
    private static final Gpu AMPERE = new Gpu("NVIDIA GeForce RTX 3090", 8.6);
    private static final Gpu HOPPER = new Gpu("NVIDIA H100", 9.0);

    @Test
    void of_gpuWithMachineCode_isTheGpu() {
        DeviceChoice choice = DeviceChoice.of(Device.AUTO, true, List.of(HOPPER, AMPERE));

        assertThat(choice.cuda()).isTrue();
        assertThat(choice.reason()).isEqualTo("GPU NVIDIA GeForce RTX 3090 (compute capability 8.6)");
    }

    @Test
    void of_autoWithoutUsableGpu_isTheCpuAndSaysWhy() {
        DeviceChoice choice = DeviceChoice.of(Device.AUTO, true, List.of(HOPPER));

        assertThat(choice.cuda()).isFalse();
        assertThat(choice.reason())
                .isEqualTo("CPU, because no GPU serves: found NVIDIA H100 (compute capability 9.0), and ND4J's CUDA"
                        + " build runs on compute capability 3.7 to 8.9");
    }

    @Test
    void of_autoWithoutDriver_isTheCpuAndSaysWhy() {
        assertThat(DeviceChoice.of(Device.AUTO, true, List.of()).reason())
                .isEqualTo("CPU, because no GPU was found: no NVIDIA driver answers (nvidia-smi)");
    }

    @Test
    void of_cudaWithoutUsableGpu_isRefused() {
        assertThatThrownBy(() -> DeviceChoice.of(Device.CUDA, true, List.of(HOPPER)))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("model.device is cuda, but no GPU serves: found NVIDIA H100");
        assertThatThrownBy(() -> DeviceChoice.of(Device.CUDA, false, List.of(AMPERE)))
                .hasMessage("model.device is cuda, but this build has no CUDA backend (build with -Pcuda)");
    }

    @Test
    void parse_driversAnswer_givesNamesAndCapabilities() {
        assertThat(GpuProbe.parse("NVIDIA GeForce RTX 3090, 8.6\nTesla K20, [N/A]\n\n"))
                .containsExactly(AMPERE, new Gpu("Tesla K20", 0));
    }
}
