package dev.tandem.model.engine;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tandem.config.Device;
import dev.tandem.model.engine.GpuProbe.Gpu;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The GPUs of a machine, and what each engine can use of it. The JSON keys are a contract. */
public record HardwareReport(
        @JsonProperty("gpus") List<Gpu> gpus,
        @JsonProperty("engines") List<EngineReport> engines) {
    private static final String FIX = "see docs/how-to/use-a-gpu.md, or set model.device=cpu";

    /** Engines that a build can lack, with the profiles that add them. */
    private static final Map<String, String> OPTIONAL_ENGINES =
            Map.of("libtorch", "not in this build (build with -Pgpu, or for the CPU alone with -Plibtorch)");

    /**
     * What one engine can use.
     *
     * @param cpu {@code usable}, or the reason why not
     * @param gpu the first usable GPU, or the reason why there is none
     */
    public record EngineReport(
            @JsonProperty("name") String name,
            @JsonProperty("cpu") String cpu,
            @JsonProperty("gpu") String gpu,
            @JsonProperty("gpuUsable") boolean gpuUsable) {

        private static EngineReport of(EngineProvider provider) {
            DeviceSupport cpu = provider.support(Device.CPU);
            DeviceSupport gpu = provider.support(Device.CUDA);
            return new EngineReport(
                    provider.name(), cpu.usable() ? "usable" : cpu.description(), gpu.description(), gpu.usable());
        }

        private String found() {
            return cpu.equals(gpu) ? cpu : "CPU: " + cpu + "; GPU: " + gpu;
        }
    }

    /**
     * One line for people.
     *
     * @param fix what the user can do; empty if nothing is wrong
     */
    public record Line(String subject, String found, String fix) {}

    /** @param providers all that are on the class path */
    static HardwareReport of(List<Gpu> gpus, List<EngineProvider> providers) {
        List<String> present = providers.stream().map(EngineProvider::name).toList();
        Stream<EngineReport> absent = OPTIONAL_ENGINES.entrySet().stream()
                .filter(engine -> !present.contains(engine.getKey()))
                .map(engine -> new EngineReport(engine.getKey(), engine.getValue(), engine.getValue(), false));
        List<EngineReport> engines = Stream.concat(providers.stream().map(EngineReport::of), absent)
                .sorted(Comparator.comparing(EngineReport::name))
                .toList();
        return new HardwareReport(gpus, engines);
    }

    /** The GPUs, then the engines. A GPU that no engine can use needs a fix. */
    @JsonIgnore
    public List<Line> lines() {
        Stream<Line> ofGpus = gpus.isEmpty()
                ? Stream.of(new Line("GPU", "none; no NVIDIA driver answers (nvidia-smi)", ""))
                : gpus.stream().map(gpu -> new Line("GPU " + gpu.index(), gpu + ", driver " + gpu.driver(), ""));
        boolean needsFix = !gpus.isEmpty() && engines.stream().noneMatch(EngineReport::gpuUsable);
        Stream<Line> ofEngines = engines.stream()
                .map(engine -> new Line("engine " + engine.name(), engine.found(), needsFix ? FIX : ""));
        return Stream.concat(ofGpus, ofEngines).toList();
    }
}
