package dev.tandem.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Device;
import dev.tandem.model.engine.DeviceSupport;
import dev.tandem.model.engine.GpuProbe.Gpu;
import java.util.List;
import org.junit.jupiter.api.Test;

class GpuSupportTest {
    private static final Gpu AMPERE = new Gpu(0, "NVIDIA GeForce RTX 3090", 8.6, 535);
    private static final Gpu HOPPER = new Gpu(0, "NVIDIA H100", 9.0, 580);

    @Test
    void of_gpuWithMachineCode_isUsable() {
        assertThat(GpuSupport.of(Device.CUDA, List.of(AMPERE)))
                .isEqualTo(DeviceSupport.gpu(0, "NVIDIA GeForce RTX 3090 (compute capability 8.6)"));
    }

    @Test
    void of_newerGpu_isUnusableWithTheReason() {
        assertThat(GpuSupport.of(Device.CUDA, List.of(HOPPER)))
                .isEqualTo(DeviceSupport.unusable("no GPU is usable: found 0: NVIDIA H100 (compute capability 9.0), and"
                        + " ND4J's CUDA build supports compute capability 3.7 to 8.9"));
    }

    @Test
    void of_secondGpu_isUnusableWithTheRemedy() {
        assertThat(GpuSupport.of(Device.cuda(1), List.of(AMPERE, AMPERE)).description())
                .contains("ND4J uses only GPU 0", "CUDA_VISIBLE_DEVICES");
    }
}
