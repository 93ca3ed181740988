package dev.tandem.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.engine.GpuProbe.Gpu;
import dev.tandem.model.engine.GpuProbe.Identified;
import dev.tandem.model.engine.GpuProbe.Requirement;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class GpuProbeTest {
    private static final Requirement REQUIREMENT = new Requirement("the library", 7.5, 12.0, 580);
    private static final Gpu PASCAL = new Gpu(0, "Tesla P100", 6.0, 580);
    private static final Gpu HOPPER = new Gpu(1, "NVIDIA H100 80GB, PCIe", 9.0, 580);
    private static final Identified IDENTIFIED_PASCAL = new Identified("GPU-1a2b", PASCAL);
    private static final Identified IDENTIFIED_HOPPER = new Identified("GPU-3c4d", HOPPER);

    @Test
    void parse_outputOfNvidiaSmi_givesAllGpus() {
        assertThat(GpuProbe.parse("0, GPU-1a2b, 580.65.06, 6.0, Tesla P100\n"
                        + "1, GPU-3c4d, 580.65.06, 9.0, NVIDIA H100 80GB, PCIe\n\n"))
                .containsExactly(IDENTIFIED_PASCAL, IDENTIFIED_HOPPER);
        assertThat(GpuProbe.parse("0, GPU-1a2b, 470.10, [N/A], Tesla K20"))
                .containsExactly(new Identified("GPU-1a2b", new Gpu(0, "Tesla K20", 0, 470)));
    }

    @Test
    void visible_numbersOrIdentifiers_selectAndNumberAsCudaDoes() {
        List<Identified> gpus = List.of(IDENTIFIED_PASCAL, IDENTIFIED_HOPPER);
        Gpu firstHopper = new Gpu(0, HOPPER.name(), 9.0, 580);

        assertThat(GpuProbe.visible(gpus, Optional.empty())).containsExactly(PASCAL, HOPPER);
        assertThat(GpuProbe.visible(gpus, Optional.of("1"))).containsExactly(firstHopper);
        assertThat(GpuProbe.visible(gpus, Optional.of("GPU-3c, 0")))
                .containsExactly(firstHopper, new Gpu(1, PASCAL.name(), 6.0, 580));
        assertThat(GpuProbe.visible(gpus, Optional.of("1,-1,0"))).containsExactly(firstHopper);
        assertThat(GpuProbe.visible(gpus, Optional.of(""))).isEmpty();
    }

    @Test
    void parse_otherOutput_givesNone() {
        assertThat(GpuProbe.parse("No devices were found")).isEmpty();
    }

    @Test
    void choose_anyGpu_isTheFirstThatFits() {
        assertThat(REQUIREMENT.choose(List.of(PASCAL, HOPPER), OptionalInt.empty()))
                .isEqualTo(DeviceSupport.gpu(1, "NVIDIA H100 80GB, PCIe (compute capability 9.0)"));
    }

    @Test
    void choose_requestedGpuThatDoesNotFit_isUnusableWithTheReason() {
        assertThat(REQUIREMENT
                        .choose(List.of(PASCAL, HOPPER), OptionalInt.of(0))
                        .description())
                .isEqualTo("no GPU is usable: found 0: Tesla P100 (compute capability 6.0), and the library supports"
                        + " compute capability 7.5 to 12.0");
    }

    @Test
    void choose_oldDriver_isUnusableWithTheReason() {
        Gpu oldDriver = new Gpu(0, "NVIDIA H100", 9.0, 550);

        assertThat(REQUIREMENT.choose(List.of(oldDriver), OptionalInt.empty()).description())
                .isEqualTo("the NVIDIA driver 550 is too old for the library (update it to 580 or newer)");
    }

    @Test
    void choose_indexThatDoesNotExist_namesTheGpus() {
        assertThat(REQUIREMENT
                        .choose(List.of(PASCAL, HOPPER), OptionalInt.of(2))
                        .description())
                .isEqualTo("there is no GPU 2: found 0: Tesla P100 (compute capability 6.0), 1: NVIDIA H100 80GB, PCIe"
                        + " (compute capability 9.0)");
    }

    @Test
    void absence_visibleDevicesSet_namesTheVariable() {
        assertThat(GpuProbe.absence(Optional.of("MIG-3f")))
                .isEqualTo("no NVIDIA driver answers (nvidia-smi), or CUDA_VISIBLE_DEVICES=MIG-3f names no whole GPU");
    }

    @Test
    void choose_noDriver_isUnusableWithTheReason() {
        assertThat(REQUIREMENT.choose(List.of(), OptionalInt.of(0)).description())
                .isEqualTo("no GPU was found: no NVIDIA driver answers (nvidia-smi)");
    }
}
