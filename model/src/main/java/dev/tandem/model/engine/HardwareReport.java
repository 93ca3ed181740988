package dev.tandem.model.engine;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.tandem.config.Device;
import dev.tandem.config.SettingsException;
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
     * @param trains whether it can train; otherwise it only translates
     */
    public record EngineReport(
            @JsonProperty("name") String name,
            @JsonProperty("cpu") String cpu,
            @JsonProperty("gpu") String gpu,
            @JsonProperty("gpuUsable") boolean gpuUsable,
            @JsonProperty("trains") boolean trains) {

        private static EngineReport of(EngineProvider provider) {
            return of(provider.name(), provider.support(Device.CPU), provider.support(Device.CUDA), true);
        }

        private static EngineReport of(InferenceProvider provider) {
            return of(provider.name(), loaded(provider), provider.support(Device.CUDA), false);
        }

        private static EngineReport of(String name, DeviceSupport cpu, DeviceSupport gpu, boolean trains) {
            return new EngineReport(
                    name, cpu.usable() ? "usable" : cpu.description(), gpu.description(), gpu.usable(), trains);
        }

        /** What it can use of the CPU. The native library is loaded, because a run would continue without it. */
        private static DeviceSupport loaded(InferenceProvider provider) {
            DeviceSupport cpu = provider.support(Device.CPU);
            if (!cpu.usable()) {
                return cpu;
            }
            try {
                provider.open(Device.CPU, EngineOptions.on(cpu.description())).close();
                return cpu;
            } catch (SettingsException e) {
                return DeviceSupport.unusable(e.getMessage());
            }
        }

        private String found() {
            String devices = cpu.equals(gpu) ? cpu : "CPU: " + cpu + "; GPU: " + gpu;
            return trains ? devices : "translates only; " + devices;
        }
    }

    /**
     * One line for people.
     *
     * @param fix what the user can do; empty if nothing is wrong
     */
    public record Line(String subject, String found, String fix) {}

    /**
     * @param providers all that are on the class path
     * @param inferenceProviders all that are on the class path
     */
    static HardwareReport of(
            List<Gpu> gpus, List<EngineProvider> providers, List<InferenceProvider> inferenceProviders) {
        List<String> present = providers.stream().map(EngineProvider::name).toList();
        Stream<EngineReport> absent = OPTIONAL_ENGINES.entrySet().stream()
                .filter(engine -> !present.contains(engine.getKey()))
                .map(engine -> new EngineReport(engine.getKey(), engine.getValue(), engine.getValue(), false, true));
        List<EngineReport> engines = Stream.of(
                        providers.stream().map(EngineReport::of),
                        absent,
                        inferenceProviders.stream().map(EngineReport::of))
                .flatMap(reports -> reports)
                .sorted(Comparator.comparing(EngineReport::name))
                .toList();
        return new HardwareReport(gpus, engines);
    }

    /** The GPUs, then the engines. A GPU on which no engine can train needs a fix. */
    @JsonIgnore
    public List<Line> lines() {
        Stream<Line> ofGpus = gpus.isEmpty()
                ? Stream.of(new Line("GPU", "none; " + GpuProbe.absence(), ""))
                : gpus.stream().map(gpu -> new Line("GPU " + gpu.index(), gpu + ", driver " + gpu.driver(), ""));
        boolean needsFix =
                !gpus.isEmpty() && engines.stream().noneMatch(engine -> engine.trains() && engine.gpuUsable());
        Stream<Line> ofEngines = engines.stream()
                .map(engine -> new Line(
                        "engine " + engine.name(), engine.found(), needsFix && !engine.gpuUsable() ? FIX : ""));
        return Stream.concat(ofGpus, ofEngines).toList();
    }
}
