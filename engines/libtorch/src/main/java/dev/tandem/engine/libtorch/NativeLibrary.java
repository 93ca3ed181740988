package dev.tandem.engine.libtorch;

import dev.tandem.config.Device;
import dev.tandem.model.engine.DeviceSupport;
import dev.tandem.model.engine.GpuProbe;
import dev.tandem.model.engine.GpuProbe.Requirement;
import org.bytedeco.javacpp.Loader;

/** Finds out which of libtorch's native libraries can be used, without loading them. */
final class NativeLibrary {
    /** The library has machine code for these compute capabilities, and no PTX for others. CUDA 13 needs this driver. */
    private static final Requirement GPU = new Requirement("libtorch", 7.5, 12.0, 580);

    private static final String GPU_PLATFORM = "-gpu";

    private NativeLibrary() {}

    static DeviceSupport support(Device device) {
        boolean onGpu = device.kind() == Device.Kind.CUDA;
        if (onGpu) {
            return isPresent(GPU_PLATFORM, "torch_cuda")
                    ? GPU.choose(GpuProbe.gpus(), device.index())
                    : DeviceSupport.unusable("this build has no libtorch for GPUs (build with -Pgpu)");
        }
        return isPresent("", "torch_cpu") || isPresent(GPU_PLATFORM, "torch_cpu")
                ? DeviceSupport.cpu()
                : DeviceSupport.unusable(
                        "this build has no libtorch for " + Loader.getPlatform() + " (build with -Plibtorch)");
    }

    private static boolean isPresent(String platformSuffix, String library) {
        String resource =
                "org/bytedeco/pytorch/" + Loader.getPlatform() + platformSuffix + "/" + System.mapLibraryName(library);
        return NativeLibrary.class.getClassLoader().getResource(resource) != null;
    }
}
