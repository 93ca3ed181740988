package dev.tandem.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Device;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TranslateSettings.Engine;
import dev.tandem.model.TestSettings;
import dev.tandem.model.engine.InferenceEngines.Choice;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class InferenceEnginesTest {
    private static final DeviceSupport NO_GPU = DeviceSupport.unusable("this build has no library for GPUs");
    private static final DeviceSupport H100 = DeviceSupport.gpu(0, "H100");
    private static final InferenceProvider FOR_CPU = new Provider(DeviceSupport.cpu(), NO_GPU);
    private static final InferenceProvider FOR_GPU = new Provider(DeviceSupport.cpu(), H100);
    private static final InferenceProvider UNUSABLE =
            new Provider(DeviceSupport.unusable("there is no native library for osx-x64"), NO_GPU);

    /** A provider that reports its support but opens no engine. */
    private record Provider(DeviceSupport cpu, DeviceSupport gpu) implements InferenceProvider {
        @Override
        public String name() {
            return "onnxruntime";
        }

        @Override
        public DeviceSupport support(Device device) {
            return device.kind() == Device.Kind.CPU ? cpu : gpu;
        }

        @Override
        public InferenceEngine open(Device device, EngineOptions options) {
            throw new AssertionError("no engine is opened in this test");
        }
    }

    @Test
    void choose_model_isTheEngineOfTheModel() {
        assertThat(choose(Engine.MODEL, "auto", Device.CPU, FOR_CPU)).isEmpty();
    }

    @Test
    void choose_auto_usesTheDeviceOfTheModelOrNothing() {
        assertThat(choose(Engine.AUTO, "auto", Device.CPU, FOR_GPU))
                .hasValue(
                        new Choice(FOR_GPU, Device.CPU, "CPU, with engine onnxruntime, for weights that do not train"));
        assertThat(choose(Engine.AUTO, "auto", Device.cuda(0), FOR_GPU).map(Choice::device))
                .hasValue(Device.cuda(0));
        assertThat(choose(Engine.AUTO, "auto", Device.cuda(0), FOR_CPU)).isEmpty();
        assertThat(choose(Engine.AUTO, "auto", Device.CPU, UNUSABLE)).isEmpty();
        assertThat(choose(Engine.AUTO, "auto", Device.CPU)).isEmpty();
    }

    @Test
    void choose_onnxRuntime_prefersTheGpu() {
        assertThat(choose(Engine.ONNXRUNTIME, "auto", Device.CPU, FOR_GPU).map(Choice::device))
                .hasValue(Device.cuda(0));
        assertThat(choose(Engine.ONNXRUNTIME, "cpu", Device.CPU, FOR_GPU).map(Choice::device))
                .hasValue(Device.CPU);
        assertThat(choose(Engine.ONNXRUNTIME, "auto", Device.CPU, FOR_CPU).map(Choice::device))
                .hasValue(Device.CPU);
    }

    @Test
    void choose_onnxRuntimeThatTheBuildDoesNotHave_namesTheRemedy() {
        assertThatThrownBy(() -> choose(Engine.ONNXRUNTIME, "auto", Device.CPU))
                .isInstanceOf(SettingsException.class)
                .hasMessage("translate.engine is onnxruntime, but this build does not have that engine; set"
                        + " translate.engine=auto, or add tandem-engine-onnxruntime to the class path");
    }

    @Test
    void choose_onnxRuntimeWithoutTheDevice_namesTheReasonAndTheRemedy() {
        assertThatThrownBy(() -> choose(Engine.ONNXRUNTIME, "cuda:1", Device.CPU, FOR_CPU))
                .isInstanceOf(SettingsException.class)
                .hasMessage("translate.engine is onnxruntime and model.device is cuda:1, but this build has no library"
                        + " for GPUs; set translate.engine=auto");
        assertThatThrownBy(() -> choose(Engine.ONNXRUNTIME, "auto", Device.CPU, UNUSABLE))
                .hasMessageContaining("there is no native library for osx-x64; set translate.engine=auto");
    }

    @Test
    void choose_otherPrecision_isTheEngineOfTheModelOrAnError() {
        ModelSettings bf16 = TestSettings.tiny("model.precision=bf16").model();

        assertThat(InferenceEngines.choose(Engine.AUTO, bf16, List.of(FOR_CPU), model -> Device.CPU))
                .isEmpty();
        assertThatThrownBy(
                        () -> InferenceEngines.choose(Engine.ONNXRUNTIME, bf16, List.of(FOR_CPU), model -> Device.CPU))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "translate.engine is onnxruntime and model.device is cpu, but engine onnxruntime computes in"
                                + " fp32 on CPU, not in model.precision=bf16; set translate.engine=auto");
    }

    private static Optional<Choice> choose(
            Engine engine, String device, Device deviceOfModel, InferenceProvider... providers) {
        return InferenceEngines.choose(
                engine,
                TestSettings.tiny("model.device=" + device).model(),
                List.of(providers),
                model -> deviceOfModel);
    }
}
