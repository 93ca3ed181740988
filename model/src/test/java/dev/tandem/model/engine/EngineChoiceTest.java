package dev.tandem.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.ComputeSettings;
import dev.tandem.config.ComputeSettings.CudaGraphs;
import dev.tandem.config.ComputeSettings.Precision;
import dev.tandem.config.Device;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.EngineChoice.Needs;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EngineChoiceTest {
    private static final DeviceSupport NO_GPU = DeviceSupport.unusable("no GPU was found");
    private static final DeviceSupport A100 = DeviceSupport.gpu(0, "A100");
    private static final EngineProvider ND4J = new Provider("nd4j", DeviceSupport.cpu(), NO_GPU);
    private static final EngineProvider ND4J_WITH_GPU = new Provider("nd4j", DeviceSupport.cpu(), A100);
    private static final EngineProvider LIBTORCH = new Provider("libtorch", DeviceSupport.cpu(), NO_GPU);
    private static final EngineProvider LIBTORCH_WITH_GPU = new Provider("libtorch", DeviceSupport.cpu(), A100);
    private static final EngineProvider UNUSABLE = new Provider(
            "nd4j", DeviceSupport.unusable("the CPU has no AVX2"), DeviceSupport.unusable("the GPU is too old"));

    /** A provider that reports its support but opens no engine. */
    private record Provider(String name, DeviceSupport cpu, DeviceSupport gpu) implements EngineProvider {
        @Override
        public DeviceSupport support(Device device) {
            return device.kind() == Device.Kind.CPU ? cpu : gpu;
        }

        @Override
        public int rank(Device.Kind kind) {
            return name.equals("nd4j") == (kind == Device.Kind.CPU) ? 0 : 1;
        }

        @Override
        public boolean hasSecondDerivatives() {
            return name.equals("libtorch");
        }

        @Override
        public boolean hasCudaGraphs() {
            return name.equals("libtorch");
        }

        @Override
        public Engine open(Device device, EngineOptions options) {
            throw new AssertionError("no engine is opened in this test");
        }
    }

    @Test
    void choose_cpu_ignoresUsableGpu() {
        assertThat(choose(Device.CPU, ND4J_WITH_GPU))
                .isEqualTo(
                        new EngineChoice(ND4J_WITH_GPU, Device.CPU, "CPU, with engine nd4j, as set by model.device"));
    }

    @Test
    void choose_severalEnginesOnTheCpu_isNd4j() {
        assertThat(choose(Device.CPU, LIBTORCH, ND4J).provider()).isEqualTo(ND4J);
        assertThat(choose(Device.AUTO, LIBTORCH, ND4J))
                .isEqualTo(new EngineChoice(ND4J, Device.CPU, "CPU, with engine nd4j, because no GPU was found"));
    }

    @Test
    void choose_severalEnginesOnTheGpu_isLibtorch() {
        assertThat(choose(Device.AUTO, ND4J_WITH_GPU, LIBTORCH_WITH_GPU))
                .isEqualTo(new EngineChoice(
                        LIBTORCH_WITH_GPU, Device.cuda(0), "GPU 0, A100, with engine libtorch, the preferred choice"));
    }

    @Test
    void choose_cudaGraphs_areNamedWhereTheyAreUsed() {
        assertThat(chooseWithGraphs(Device.CUDA, LIBTORCH_WITH_GPU).description())
                .isEqualTo("GPU 0, A100, with engine libtorch and CUDA graphs, as set by model.device");
        assertThat(chooseWithGraphs(Device.CUDA, ND4J_WITH_GPU).description())
                .isEqualTo("GPU 0, A100, with engine nd4j, as set by model.device");
        assertThat(chooseWithGraphs(Device.CPU, LIBTORCH_WITH_GPU).description())
                .isEqualTo("CPU, with engine libtorch, as set by model.device");
    }

    private static EngineChoice chooseWithGraphs(Device device, EngineProvider provider) {
        ComputeSettings compute = new ComputeSettings(Optional.empty(), device, Precision.FP32, false, CudaGraphs.AUTO);
        return EngineChoice.of(new Needs(compute, false), List.of(provider));
    }

    @Test
    void choose_gpuThatOnlyNd4jCanUse_isNd4j() {
        assertThat(choose(Device.AUTO, LIBTORCH, ND4J_WITH_GPU))
                .isEqualTo(new EngineChoice(
                        ND4J_WITH_GPU, Device.cuda(0), "GPU 0, A100, with engine nd4j, because no GPU was found"));
    }

    @Test
    void choose_autoWithoutUsableGpu_isCpuWithReason() {
        assertThat(choose(Device.AUTO, ND4J).description())
                .isEqualTo("CPU, with engine nd4j, because no GPU was found");
    }

    @Test
    void choose_cudaWithoutUsableGpu_isRejectedWithReasonAndRemedy() {
        assertThatThrownBy(() -> choose(Device.cuda(3), ND4J))
                .isInstanceOf(SettingsException.class)
                .hasMessage("model.device is cuda:3, but no GPU was found; set model.device=auto to use the CPU");
    }

    @Test
    void choose_firstEngineUnusable_isTheOtherWithAllReasonsAgainstTheGpu() {
        assertThat(choose(Device.AUTO, UNUSABLE, LIBTORCH))
                .isEqualTo(
                        new EngineChoice(
                                LIBTORCH,
                                Device.CPU,
                                "CPU, with engine libtorch, because no GPU was found; the GPU is too old; the CPU has no AVX2"));
    }

    @Test
    void choose_cpuUnusable_isRejectedWithReason() {
        assertThatThrownBy(() -> choose(Device.CPU, UNUSABLE))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "no engine of this build can compute the model: the CPU has no AVX2; change these settings, or build"
                                + " with another engine (README.md, section GPU)");
    }

    @Test
    void choose_requestedEngine_isUsedEvenIfAnotherIsPreferred() {
        Needs libtorch = needs("libtorch", Device.CPU, false);

        assertThat(EngineChoice.of(libtorch, List.of(ND4J, LIBTORCH)).provider())
                .isEqualTo(LIBTORCH);
    }

    @Test
    void choose_requestedEngineIsNotInTheBuild_isRejectedWithRemedy() {
        Needs libtorch = needs("libtorch", Device.CPU, false);

        assertThatThrownBy(() -> EngineChoice.of(libtorch, List.of(ND4J)))
                .isInstanceOf(SettingsException.class)
                .hasMessage("model.engine is libtorch, but this build has only nd4j; set model.engine=auto, or build"
                        + " with the profile of that engine (README.md, section GPU)");
    }

    @Test
    void choose_secondDerivatives_isTheEngineThatComputesThem() {
        Needs secondDerivatives = new Needs(ComputeSettings.on(Device.CPU), true);

        assertThat(EngineChoice.of(secondDerivatives, List.of(ND4J, LIBTORCH)).provider())
                .isEqualTo(LIBTORCH);
    }

    @Test
    void choose_secondDerivativesWithoutSuchAnEngine_isRejectedWithRemedy() {
        Needs secondDerivatives = needs("nd4j", Device.AUTO, true);

        assertThatThrownBy(() -> EngineChoice.of(secondDerivatives, List.of(ND4J)))
                .isInstanceOf(SettingsException.class)
                .hasMessage("no engine of this build can compute the model: no GPU was found; engine nd4j has no second"
                        + " derivatives, which train.gan-mode=wgangp and train.loss.lambda-r1 need; change these settings,"
                        + " or build with another engine (README.md, section GPU)");
    }

    @Test
    void choose_requestedEngineIsTheObstacle_isRejectedWithTheOneThatCan() {
        assertThatThrownBy(() -> EngineChoice.of(needs("nd4j", Device.CPU, true), List.of(ND4J, LIBTORCH)))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "model.engine is nd4j, but engine nd4j has no second derivatives, which train.gan-mode=wgangp"
                                + " and train.loss.lambda-r1 need; set model.engine=auto to use libtorch on cpu");
        assertThatThrownBy(
                        () -> EngineChoice.of(needs("nd4j", Device.CUDA, false), List.of(UNUSABLE, LIBTORCH_WITH_GPU)))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "model.engine is nd4j, but the GPU is too old; set model.engine=auto to use libtorch on cuda:0");
    }

    @Test
    void choose_requestedEngine_isTheReason() {
        assertThat(description("libtorch", Device.CPU, LIBTORCH))
                .isEqualTo("CPU, with engine libtorch (set by model.engine), as set by model.device");
        assertThat(description("libtorch", Device.AUTO, LIBTORCH))
                .isEqualTo("CPU, with engine libtorch (set by model.engine), because no GPU was found");
        assertThat(description("libtorch", Device.AUTO, LIBTORCH_WITH_GPU))
                .isEqualTo("GPU 0, A100, with engine libtorch (set by model.engine), the preferred choice");
    }

    private static String description(String engine, Device device, EngineProvider provider) {
        return EngineChoice.of(needs(engine, device, false), List.of(provider)).description();
    }

    @Test
    void choose_precisionThatTheEngineLacks_isRejectedWithThoseItHas() {
        Needs bf16 = new Needs(
                new ComputeSettings(Optional.empty(), Device.CPU, Precision.BF16, false, CudaGraphs.OFF), false);

        assertThatThrownBy(() -> EngineChoice.of(bf16, List.of(ND4J)))
                .isInstanceOf(SettingsException.class)
                .hasMessage("no engine of this build can compute the model: engine nd4j computes in fp32 on CPU, not in"
                        + " model.precision=bf16; change these settings, or build with another engine (README.md, section"
                        + " GPU)");
    }

    @Test
    void choose_precisionThatOneEngineHas_isThatEngine() {
        EngineProvider both = new Provider("libtorch", DeviceSupport.cpu().with(Precision.BF16), NO_GPU);
        Needs bf16 = new Needs(
                new ComputeSettings(Optional.empty(), Device.CPU, Precision.BF16, false, CudaGraphs.OFF), false);

        assertThat(EngineChoice.of(bf16, List.of(ND4J, both)).provider()).isEqualTo(both);
    }

    @Test
    void choose_noEngineOnClassPath_isRejectedWithRemedy() {
        assertThatThrownBy(() -> choose(Device.AUTO))
                .isInstanceOf(SettingsException.class)
                .hasMessage("no engine is on the class path; add tandem-engine-nd4j");
    }

    private static EngineChoice choose(Device device, EngineProvider... providers) {
        return EngineChoice.of(new Needs(ComputeSettings.on(device), false), List.of(providers));
    }

    private static Needs needs(String engine, Device device, boolean secondDerivatives) {
        return new Needs(
                new ComputeSettings(Optional.of(engine), device, Precision.FP32, false, CudaGraphs.OFF),
                secondDerivatives);
    }
}
