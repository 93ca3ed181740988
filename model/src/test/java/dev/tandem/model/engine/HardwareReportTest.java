package dev.tandem.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.Device;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.GpuProbe.Gpu;
import dev.tandem.model.engine.HardwareReport.Line;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class HardwareReportTest {
    private static final Gpu H100 = new Gpu(0, "NVIDIA H100", 9.0, 580);
    private static final EngineProvider ND4J =
            new Provider("nd4j", DeviceSupport.unusable("this build has no CUDA backend"));
    private static final EngineProvider LIBTORCH =
            new Provider("libtorch", DeviceSupport.gpu(0, "NVIDIA H100 (compute capability 9.0)"));
    private static final String NOT_IN_BUILD =
            "not in this build (build with -Pgpu, or for the CPU alone with -Plibtorch)";

    private static final DeviceSupport NO_LIBRARY_FOR_GPUS = DeviceSupport.unusable("this build has no library");
    private static final InferenceProvider ONNX_RUNTIME = new TranslatingProvider(NO_LIBRARY_FOR_GPUS, NoNetworks::new);

    private record TranslatingProvider(DeviceSupport gpu, Supplier<InferenceEngine> engines)
            implements InferenceProvider {
        @Override
        public String name() {
            return "onnxruntime";
        }

        @Override
        public DeviceSupport support(Device device) {
            return device.kind() == Device.Kind.CPU ? DeviceSupport.cpu() : gpu;
        }

        @Override
        public InferenceEngine open(Device device, EngineOptions options) {
            return engines.get();
        }
    }

    /** An engine that is opened and closed, but computes nothing. */
    private record NoNetworks() implements InferenceEngine {
        @Override
        public String name() {
            return "onnxruntime";
        }

        @Override
        public String device() {
            return "CPU";
        }

        @Override
        public DeviceMemory memory() {
            return DeviceMemory.NONE;
        }

        @Override
        public InferenceSession load(Path onnx, long bytes) {
            throw new AssertionError("no network is loaded in this test");
        }

        @Override
        public void close() {}
    }

    private record Provider(String name, DeviceSupport gpu) implements EngineProvider {
        @Override
        public int rank(Device.Kind kind) {
            return 0;
        }

        @Override
        public boolean hasSecondDerivatives() {
            return false;
        }

        @Override
        public DeviceSupport support(Device device) {
            return device.kind() == Device.Kind.CPU ? DeviceSupport.cpu() : gpu;
        }

        @Override
        public Engine open(Device device, EngineOptions options) {
            throw new AssertionError("no engine is opened in this test");
        }
    }

    @Test
    void lines_usableGpu_areGpusAndEngines() {
        assertThat(HardwareReport.of(List.of(H100), List.of(ND4J, LIBTORCH), List.of(ONNX_RUNTIME))
                        .lines())
                .containsExactly(
                        new Line("GPU 0", "NVIDIA H100 (compute capability 9.0), driver 580", ""),
                        new Line(
                                "engine libtorch", "CPU: usable; GPU: GPU 0, NVIDIA H100 (compute capability 9.0)", ""),
                        new Line("engine nd4j", "CPU: usable; GPU: this build has no CUDA backend", ""),
                        new Line(
                                "engine onnxruntime",
                                "translates only; CPU: usable; GPU: this build has no library",
                                ""));
    }

    @Test
    void lines_noEngineCanUseTheGpu_haveTheFix() {
        String fix = "see docs/how-to/use-a-gpu.md, or set model.device=cpu";

        assertThat(HardwareReport.of(List.of(H100), List.of(ND4J), List.of()).lines())
                .containsExactly(
                        new Line("GPU 0", "NVIDIA H100 (compute capability 9.0), driver 580", ""),
                        new Line("engine libtorch", NOT_IN_BUILD, fix),
                        new Line("engine nd4j", "CPU: usable; GPU: this build has no CUDA backend", fix));
    }

    @Test
    void lines_noGpu_needNoFix() {
        assertThat(HardwareReport.of(List.of(), List.of(ND4J), List.of(ONNX_RUNTIME))
                        .lines())
                .contains(new Line("GPU", "none; no NVIDIA driver answers (nvidia-smi)", ""))
                .allSatisfy(line -> assertThat(line.fix()).isEmpty());
    }

    @Test
    void json_keys_areTheContract() {
        assertThat(new ObjectMapper()
                        .valueToTree(HardwareReport.of(List.of(H100), List.of(LIBTORCH), List.of(ONNX_RUNTIME)))
                        .toString())
                .isEqualTo(
                        "{\"gpus\":[{\"index\":0,\"name\":\"NVIDIA H100\",\"computeCapability\":9.0,\"driver\":580}],"
                                + "\"engines\":[{\"name\":\"libtorch\",\"cpu\":\"usable\",\"gpu\":\"GPU 0, NVIDIA H100 (compute"
                                + " capability 9.0)\",\"gpuUsable\":true,\"trains\":true},"
                                + "{\"name\":\"onnxruntime\",\"cpu\":\"usable\",\"gpu\":\"this build has no library\","
                                + "\"gpuUsable\":false,\"trains\":false}]}");
    }

    @Test
    void lines_libraryOfAnInferenceEngineCannotBeLoaded_giveTheReason() {
        InferenceProvider broken = new TranslatingProvider(NO_LIBRARY_FOR_GPUS, () -> {
            throw new SettingsException("ONNX Runtime cannot be loaded; it needs glibc 2.28 or newer");
        });

        assertThat(HardwareReport.of(List.of(), List.of(ND4J), List.of(broken)).lines())
                .contains(new Line(
                        "engine onnxruntime",
                        "translates only; CPU: ONNX Runtime cannot be loaded; it needs glibc 2.28 or newer; GPU: this build"
                                + " has no library",
                        ""));
    }

    @Test
    void lines_gpuIsUsableForTranslationOnly_haveTheFixForTheOtherEngines() {
        InferenceProvider onGpu = new TranslatingProvider(DeviceSupport.gpu(0, "H100"), NoNetworks::new);

        assertThat(HardwareReport.of(List.of(H100), List.of(ND4J), List.of(onGpu))
                        .lines())
                .contains(
                        new Line("engine onnxruntime", "translates only; CPU: usable; GPU: GPU 0, H100", ""),
                        new Line(
                                "engine nd4j",
                                "CPU: usable; GPU: this build has no CUDA backend",
                                "see docs/how-to/use-a-gpu.md, or set model.device=cpu"));
    }
}
