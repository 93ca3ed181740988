package dev.tandem.model.engine.nd4j;

import dev.tandem.config.ModelSettings.Device;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.nd4j.GpuProbe.Gpu;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Which backend serves, and why, in one line.
 *
 * @param cuda whether the GPU serves
 */
record DeviceChoice(boolean cuda, String reason) {
    /** ND4J's CUDA 11.6 library holds machine code for these compute capabilities and no PTX for others. */
    private static final double LOWEST = 3.7;

    private static final double HIGHEST = 8.9;

    /**
     * @param backendPresent whether the CUDA backend is on the class path
     * @throws SettingsException if a GPU is demanded and none serves
     */
    static DeviceChoice of(Device wanted, boolean backendPresent, List<Gpu> gpus) {
        if (wanted == Device.CPU) {
            return new DeviceChoice(false, "CPU, as model.device says");
        }
        String obstacle = obstacle(backendPresent, gpus);
        if (obstacle.isEmpty()) {
            return new DeviceChoice(true, "GPU " + usable(gpus).get(0));
        }
        if (wanted == Device.CUDA) {
            throw new SettingsException("model.device is cuda, but " + obstacle);
        }
        return new DeviceChoice(false, "CPU, because " + obstacle);
    }

    private static String obstacle(boolean backendPresent, List<Gpu> gpus) {
        if (!backendPresent) {
            return "this build has no CUDA backend (build with -Pcuda)";
        }
        if (gpus.isEmpty()) {
            return "no GPU was found: no NVIDIA driver answers (nvidia-smi)";
        }
        if (usable(gpus).isEmpty()) {
            return "no GPU serves: found " + gpus.stream().map(Gpu::toString).collect(Collectors.joining(", "))
                    + ", and ND4J's CUDA build runs on compute capability " + LOWEST + " to " + HIGHEST;
        }
        return "";
    }

    private static List<Gpu> usable(List<Gpu> gpus) {
        return gpus.stream()
                .filter(gpu -> gpu.computeCapability() >= LOWEST && gpu.computeCapability() <= HIGHEST)
                .toList();
    }
}
