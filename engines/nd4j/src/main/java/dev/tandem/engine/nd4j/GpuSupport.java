package dev.tandem.engine.nd4j;

import dev.tandem.engine.nd4j.GpuProbe.Gpu;
import dev.tandem.model.engine.DeviceSupport;
import java.util.List;
import java.util.stream.Collectors;

/** Decides whether ND4J's CUDA backend can use one of the GPUs of this machine. */
final class GpuSupport {
    /** ND4J's CUDA 11.6 library has machine code for these compute capabilities, and no PTX for others. */
    private static final double MIN_CAPABILITY = 3.7;

    private static final double MAX_CAPABILITY = 8.9;

    private GpuSupport() {}

    /** @param backendPresent whether the CUDA backend is on the class path */
    static DeviceSupport of(boolean backendPresent, List<Gpu> gpus) {
        if (!backendPresent) {
            return DeviceSupport.unusable("this build has no CUDA backend (build with -Pcuda)");
        }
        if (gpus.isEmpty()) {
            return DeviceSupport.unusable("no GPU was found: no NVIDIA driver answers (nvidia-smi)");
        }
        return gpus.stream()
                .filter(gpu -> gpu.computeCapability() >= MIN_CAPABILITY && gpu.computeCapability() <= MAX_CAPABILITY)
                .findFirst()
                .map(gpu -> DeviceSupport.usable(gpu.toString()))
                .orElseGet(() -> DeviceSupport.unusable("no GPU is usable: found "
                        + gpus.stream().map(Gpu::toString).collect(Collectors.joining(", "))
                        + ", and ND4J's CUDA build supports compute capability " + MIN_CAPABILITY + " to "
                        + MAX_CAPABILITY));
    }
}
