package dev.tandem.engine.libtorch;

import dev.tandem.config.ComputeSettings.Precision;
import dev.tandem.config.Device;
import dev.tandem.config.FileFault;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.DeviceSupport;
import dev.tandem.model.engine.GpuProbe;
import dev.tandem.model.engine.GpuProbe.Gpu;
import dev.tandem.model.engine.GpuProbe.Requirement;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;

/** Finds out which of libtorch's native libraries can be used, without loading them, and loads them. */
final class NativeLibrary {
    /** The library has machine code for these compute capabilities, and no PTX for others. CUDA 13 needs this driver. */
    private static final Requirement GPU = new Requirement("libtorch", 7.5, 12.0, 580);

    /** GPUs from here on have tensor cores for TF32 and bfloat16. */
    private static final double TENSOR_CORES = 8.0;

    private static final DeviceSupport CPU = DeviceSupport.cpu().with(Precision.BF16);
    private static final String GPU_PLATFORM = "-gpu";
    private static final String CPU_CLASS = "org.bytedeco.pytorch.global.torch";
    /** By name: a build for CPUs has no CUDA classes, which this class needs. */
    private static final String CUDA_CLASS = "org.bytedeco.pytorch.global.torch_cuda";

    private NativeLibrary() {}

    static DeviceSupport support(Device device) {
        if (device.kind() == Device.Kind.CUDA) {
            return isPresent(GPU_PLATFORM, "torch_cuda")
                    ? gpuSupport(device, GpuProbe.gpus(), LibrarySearch::ofMachine)
                    : DeviceSupport.unusable("this build has no libtorch for GPUs (build with -Pgpu)");
        }
        return isPresent("", "torch_cpu") ? CPU : cpuSupportOfGpuLibrary();
    }

    private static DeviceSupport cpuSupportOfGpuLibrary() {
        return isPresent(GPU_PLATFORM, "torch_cpu")
                ? CudaLibraries.obstacleOnCpu(LibrarySearch.ofMachine())
                        .map(DeviceSupport::unusable)
                        .orElse(CPU)
                : DeviceSupport.unusable(
                        "this build has no libtorch for " + Loader.getPlatform() + " (build with -Plibtorch)");
    }

    /** @param search is asked only if there is a GPU that fits */
    static DeviceSupport gpuSupport(Device device, List<Gpu> gpus, Supplier<LibrarySearch> search) {
        DeviceSupport gpu = withPrecisions(GPU.choose(gpus, device.index()), gpus);
        return gpu.usable()
                ? CudaLibraries.missingForGpu(search.get())
                        .map(DeviceSupport::unusable)
                        .orElse(gpu)
                : gpu;
    }

    private static DeviceSupport withPrecisions(DeviceSupport chosen, List<Gpu> gpus) {
        boolean tensorCores = gpus.stream()
                .filter(gpu -> chosen.device().equals(Optional.of(Device.cuda(gpu.index()))))
                .anyMatch(gpu -> gpu.computeCapability() >= TENSOR_CORES);
        return tensorCores ? chosen.with(Precision.TF32, Precision.BF16) : chosen;
    }

    /**
     * Loads the library for a device.
     *
     * @throws SettingsException if it cannot be loaded
     */
    static void load(Device device) {
        extract();
        load(CPU_CLASS, "libtorch", "install the missing library, or set model.engine=nd4j");
        if (device.kind() == Device.Kind.CUDA) {
            load(CUDA_CLASS, "libtorch for GPUs", "install the missing library, or set model.device=cpu");
        }
    }

    /**
     * Extracts all libraries before the first one is loaded. JavaCPP extracts and loads them one by one. A library that is
     * loaded before its dependency is extracted uses the system's libtorch, if there is one, and two versions in one process
     * crash it.
     */
    private static void extract() {
        try {
            for (String suffix : List.of("", GPU_PLATFORM)) {
                Loader.cacheResources("/" + folder(suffix));
            }
        } catch (IOException e) {
            throw new SettingsException("libtorch cannot be extracted (" + FileFault.reason(e)
                    + "); free space in the folder of the system property org.bytedeco.javacpp.cachedir"
                    + " (~/.javacpp/cache by default), or set model.engine=nd4j");
        }
    }

    static void load(String className, String library, String remedy) {
        try {
            Class.forName(className);
        } catch (ClassNotFoundException | LinkageError e) {
            throw new SettingsException(library + " cannot be loaded (" + causeOf(e) + "); " + remedy);
        }
    }

    /** JavaCPP wraps the error of the system's loader, whose first line names the library. */
    private static String causeOf(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString().lines().findFirst().orElseThrow();
    }

    private static boolean isPresent(String platformSuffix, String library) {
        String resource = folder(platformSuffix) + "/" + System.mapLibraryName(library);
        return NativeLibrary.class.getClassLoader().getResource(resource) != null;
    }

    /** The folder of the class path with the libraries for this platform. */
    private static String folder(String platformSuffix) {
        return "org/bytedeco/pytorch/" + Loader.getPlatform() + platformSuffix;
    }
}
