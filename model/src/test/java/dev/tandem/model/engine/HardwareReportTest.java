package dev.tandem.model.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.Device;
import dev.tandem.model.engine.GpuProbe.Gpu;
import dev.tandem.model.engine.HardwareReport.Line;
import java.util.List;
import org.junit.jupiter.api.Test;

class HardwareReportTest {
    private static final Gpu H100 = new Gpu(0, "NVIDIA H100", 9.0, 580);
    private static final EngineProvider ND4J =
            new Provider("nd4j", DeviceSupport.unusable("this build has no CUDA backend"));
    private static final EngineProvider LIBTORCH =
            new Provider("libtorch", DeviceSupport.gpu(0, "NVIDIA H100 (compute capability 9.0)"));
    private static final String NOT_IN_BUILD =
            "not in this build (build with -Pgpu, or for the CPU alone with -Plibtorch)";

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
        assertThat(HardwareReport.of(List.of(H100), List.of(ND4J, LIBTORCH)).lines())
                .containsExactly(
                        new Line("GPU 0", "NVIDIA H100 (compute capability 9.0), driver 580", ""),
                        new Line(
                                "engine libtorch", "CPU: usable; GPU: GPU 0, NVIDIA H100 (compute capability 9.0)", ""),
                        new Line("engine nd4j", "CPU: usable; GPU: this build has no CUDA backend", ""));
    }

    @Test
    void lines_noEngineCanUseTheGpu_haveTheFix() {
        String fix = "see docs/how-to/use-a-gpu.md, or set model.device=cpu";

        assertThat(HardwareReport.of(List.of(H100), List.of(ND4J)).lines())
                .containsExactly(
                        new Line("GPU 0", "NVIDIA H100 (compute capability 9.0), driver 580", ""),
                        new Line("engine libtorch", NOT_IN_BUILD, fix),
                        new Line("engine nd4j", "CPU: usable; GPU: this build has no CUDA backend", fix));
    }

    @Test
    void lines_noGpu_needNoFix() {
        assertThat(HardwareReport.of(List.of(), List.of(ND4J)).lines())
                .contains(new Line("GPU", "none; no NVIDIA driver answers (nvidia-smi)", ""))
                .allSatisfy(line -> assertThat(line.fix()).isEmpty());
    }

    @Test
    void json_keys_areTheContract() {
        assertThat(new ObjectMapper()
                        .valueToTree(HardwareReport.of(List.of(H100), List.of(LIBTORCH)))
                        .toString())
                .isEqualTo(
                        "{\"gpus\":[{\"index\":0,\"name\":\"NVIDIA H100\",\"computeCapability\":9.0,\"driver\":580}],"
                                + "\"engines\":[{\"name\":\"libtorch\",\"cpu\":\"usable\",\"gpu\":\"GPU 0, NVIDIA H100 (compute"
                                + " capability 9.0)\",\"gpuUsable\":true}]}");
    }
}
