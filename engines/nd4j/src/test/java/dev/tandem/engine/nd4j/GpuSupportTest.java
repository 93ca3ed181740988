package dev.tandem.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.engine.nd4j.GpuProbe.Gpu;
import dev.tandem.model.engine.DeviceSupport;
import java.util.List;
import org.junit.jupiter.api.Test;

class GpuSupportTest {
    private static final Gpu AMPERE = new Gpu("NVIDIA GeForce RTX 3090", 8.6);
    private static final Gpu HOPPER = new Gpu("NVIDIA H100", 9.0);

    @Test
    void of_gpuWithMachineCode_isUsable() {
        assertThat(GpuSupport.of(true, List.of(HOPPER, AMPERE)))
                .isEqualTo(DeviceSupport.usable("NVIDIA GeForce RTX 3090 (compute capability 8.6)"));
    }

    @Test
    void of_newerGpuOnly_isUnusableWithTheReason() {
        assertThat(GpuSupport.of(true, List.of(HOPPER)))
                .isEqualTo(DeviceSupport.unusable("no GPU is usable: found NVIDIA H100 (compute capability 9.0), and"
                        + " ND4J's CUDA build supports compute capability 3.7 to 8.9"));
    }

    @Test
    void of_noDriver_isUnusableWithTheReason() {
        assertThat(GpuSupport.of(true, List.of()))
                .isEqualTo(DeviceSupport.unusable("no GPU was found: no NVIDIA driver answers (nvidia-smi)"));
    }

    @Test
    void of_buildWithoutCuda_isUnusableWithTheReason() {
        assertThat(GpuSupport.of(false, List.of(AMPERE)))
                .isEqualTo(DeviceSupport.unusable("this build has no CUDA backend (build with -Pcuda)"));
    }

    @Test
    void parse_outputOfNvidiaSmi_givesNamesAndCapabilities() {
        assertThat(GpuProbe.parse("NVIDIA GeForce RTX 3090, 8.6\nTesla K20, [N/A]\n\n"))
                .containsExactly(AMPERE, new Gpu("Tesla K20", 0));
    }
}
