package dev.tandem.engine.nd4j;

import dev.tandem.config.Device;
import dev.tandem.model.engine.DeviceSupport;
import dev.tandem.model.engine.GpuProbe.Gpu;
import dev.tandem.model.engine.GpuProbe.Requirement;
import java.util.List;

/** Decides whether ND4J's CUDA backend can use the first GPU of this machine. */
final class GpuSupport {
    /**
     * ND4J's CUDA 11.6 library has machine code for these compute capabilities, and no PTX for others. Every driver from 450
     * runs programs of all versions 11 (NVIDIA's "minor version compatibility"); Kepler GPUs need one before 510.
     */
    private static final Requirement REQUIREMENT = new Requirement("ND4J's CUDA build", 3.7, 8.9, 450);

    private GpuSupport() {}

    /** @param requested any GPU, or one with its number */
    static DeviceSupport of(Device requested, List<Gpu> gpus) {
        if (requested.index().orElse(0) > 0) {
            return DeviceSupport.unusable("ND4J uses only GPU 0 (choose the GPU by the environment variable"
                    + " CUDA_VISIBLE_DEVICES instead)");
        }
        return REQUIREMENT.choose(gpus.stream().limit(1).toList(), requested.index());
    }
}
