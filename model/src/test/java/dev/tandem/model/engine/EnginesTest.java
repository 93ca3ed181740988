package dev.tandem.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Device;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.Engines.Choice;
import dev.tandem.model.engine.Engines.Needs;
import java.util.List;
import org.junit.jupiter.api.Test;

class EnginesTest {
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
        public boolean hasSecondDerivatives() {
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
                .isEqualTo(new Choice(ND4J_WITH_GPU, Device.CPU, "CPU, with engine nd4j, as set by model.device"));
    }

    @Test
    void choose_severalEnginesOnTheCpu_isNd4j() {
        assertThat(choose(Device.CPU, LIBTORCH, ND4J).provider()).isEqualTo(ND4J);
        assertThat(choose(Device.AUTO, LIBTORCH, ND4J))
                .isEqualTo(new Choice(ND4J, Device.CPU, "CPU, with engine nd4j, because no GPU was found"));
    }

    @Test
    void choose_severalEnginesOnTheGpu_isLibtorch() {
        assertThat(choose(Device.AUTO, ND4J_WITH_GPU, LIBTORCH_WITH_GPU))
                .isEqualTo(new Choice(LIBTORCH_WITH_GPU, Device.cuda(0), "GPU 0, A100, with engine libtorch"));
    }

    @Test
    void choose_gpuThatOnlyNd4jCanUse_isNd4j() {
        assertThat(choose(Device.AUTO, LIBTORCH, ND4J_WITH_GPU))
                .isEqualTo(new Choice(ND4J_WITH_GPU, Device.cuda(0), "GPU 0, A100, with engine nd4j"));
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
                .isEqualTo(new Choice(
                        LIBTORCH,
                        Device.CPU,
                        "CPU, with engine libtorch, because no GPU was found; the GPU is too old"));
    }

    @Test
    void choose_cpuUnusable_isRejectedWithReason() {
        assertThatThrownBy(() -> choose(Device.CPU, UNUSABLE))
                .isInstanceOf(SettingsException.class)
                .hasMessage("no engine can use the CPU: the CPU has no AVX2");
    }

    @Test
    void choose_requestedEngine_isUsedEvenIfAnotherIsPreferred() {
        Needs libtorch = new Needs(ModelSettings.Engine.LIBTORCH, Device.CPU, false);

        assertThat(Engines.choose(libtorch, List.of(ND4J, LIBTORCH)).provider()).isEqualTo(LIBTORCH);
    }

    @Test
    void choose_requestedEngineIsNotInTheBuild_isRejectedWithRemedy() {
        Needs libtorch = new Needs(ModelSettings.Engine.LIBTORCH, Device.CPU, false);

        assertThatThrownBy(() -> Engines.choose(libtorch, List.of(ND4J)))
                .isInstanceOf(SettingsException.class)
                .hasMessage("model.engine is libtorch, but this build has only nd4j; set model.engine=auto, or build"
                        + " with the profile of that engine (README.md, section GPU)");
    }

    @Test
    void choose_secondDerivatives_isTheEngineThatComputesThem() {
        Needs secondDerivatives = new Needs(ModelSettings.Engine.AUTO, Device.CPU, true);

        assertThat(Engines.choose(secondDerivatives, List.of(ND4J, LIBTORCH)).provider())
                .isEqualTo(LIBTORCH);
    }

    @Test
    void choose_secondDerivativesWithoutSuchAnEngine_isRejectedWithRemedy() {
        Needs secondDerivatives = new Needs(ModelSettings.Engine.ND4J, Device.AUTO, true);

        assertThatThrownBy(() -> Engines.choose(secondDerivatives, List.of(ND4J, LIBTORCH)))
                .isInstanceOf(SettingsException.class)
                .hasMessage("train.gan-mode=wgangp and train.loss.lambda-r1 need second derivatives, which nd4j cannot"
                        + " compute; use another loss, or engine libtorch (README.md, section GPU)");
    }

    @Test
    void choose_noEngineOnClassPath_isRejectedWithRemedy() {
        assertThatThrownBy(() -> choose(Device.AUTO))
                .isInstanceOf(SettingsException.class)
                .hasMessage("no engine is on the class path; add tandem-engine-nd4j");
    }

    private static Choice choose(Device device, EngineProvider... providers) {
        return Engines.choose(new Needs(ModelSettings.Engine.AUTO, device, false), List.of(providers));
    }
}
