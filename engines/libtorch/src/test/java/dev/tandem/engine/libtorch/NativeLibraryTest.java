package dev.tandem.engine.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.ComputeSettings.Precision;
import dev.tandem.config.Device;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.DeviceSupport;
import dev.tandem.model.engine.GpuProbe.Gpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NativeLibraryTest {
    private static final Gpu H100 = new Gpu(0, "NVIDIA H100", 9.0, 580);
    private static final DeviceSupport USABLE =
            DeviceSupport.gpu(0, "NVIDIA H100 (compute capability 9.0)").with(Precision.TF32, Precision.BF16);
    private static final List<String> ALL = List.of(
            "libcudart.so.13",
            "libcupti.so.13",
            "libcublas.so.13",
            "libcublasLt.so.13",
            "libcufft.so.12",
            "libcufile.so.0",
            "libcurand.so.10",
            "libcusolver.so.12",
            "libcusparse.so.12",
            "libnvJitLink.so.13",
            "libcudnn.so.9",
            "libnccl.so.2");

    private static final String SYSTEMS_LIBTORCH =
            "\tlibtorch.so (libc6,x86-64) => /lib/x86_64-linux-gnu/libtorch.so\n";

    @TempDir
    private Path folder;

    @Test
    void gpuSupport_allLibraries_isUsable() throws IOException {
        assertThat(support(H100, ALL)).isEqualTo(USABLE);
    }

    @Test
    void gpuSupport_noCudnn_namesItAndTheRemedy() throws IOException {
        List<String> present = new ArrayList<>(ALL);
        present.remove("libcudnn.so.9");

        assertThat(support(H100, present))
                .isEqualTo(
                        DeviceSupport.unusable("libtorch does not find libcudnn.so.9 (install cuDNN 9 for CUDA 13, or"
                                + " add the folder to LD_LIBRARY_PATH)"));
    }

    @Test
    void gpuSupport_librariesOfAnotherCudaVersion_namesThose() throws IOException {
        List<String> present = new ArrayList<>(ALL);
        present.removeAll(List.of("libcudart.so.13", "libnccl.so.2"));
        present.add("libcudart.so.12");

        assertThat(support(H100, present).description())
                .isEqualTo("libtorch does not find libcudart.so.13, libnccl.so.2 (found libcudart.so.12; install CUDA"
                        + " 13, NCCL 2 for CUDA 13, or add the folder to LD_LIBRARY_PATH)");
    }

    @Test
    void obstacleOnCpu_noCupti_namesItAndTheRemedy() throws IOException {
        Files.createFile(folder.resolve("libcudart.so.13"));

        assertThat(CudaLibraries.obstacleOnCpu(LibrarySearch.of(List.of(folder), "")))
                .hasValue("libtorch does not find libcupti.so.13 (install CUDA 13, or add the folder to"
                        + " LD_LIBRARY_PATH)");
    }

    @Test
    void obstacleOnCpu_libtorchOfTheSystemAndNoCudnn_namesBoth() throws IOException {
        LibrarySearch search = search(
                ALL.stream().filter(library -> !library.contains("cudnn")).toList(), SYSTEMS_LIBTORCH);

        assertThat(CudaLibraries.obstacleOnCpu(search))
                .hasValue("libtorch does not find libcudnn.so.9 (install cuDNN 9 for CUDA 13, or add the folder to"
                        + " LD_LIBRARY_PATH); without it, the system's libtorch.so would be loaded, too, and two versions"
                        + " crash the process");
    }

    @Test
    void obstacleOnCpu_libtorchOfTheSystemAndAllLibraries_isEmpty() throws IOException {
        assertThat(CudaLibraries.obstacleOnCpu(search(ALL, SYSTEMS_LIBTORCH))).isEmpty();
    }

    @Test
    void obstacleOnCpu_onlyLibrariesForGpusMissing_isEmpty() throws IOException {
        assertThat(CudaLibraries.obstacleOnCpu(search(List.of("libcudart.so.13", "libcupti.so.13"), "")))
                .isEmpty();
    }

    @Test
    void gpuSupport_oldDriver_namesTheDriverAndNotTheLibraries() throws IOException {
        assertThat(support(new Gpu(0, "NVIDIA H100", 9.0, 550), List.of()).description())
                .isEqualTo("the NVIDIA driver 550 is too old for libtorch (update it to 580 or newer)");
    }

    @Test
    void gpuSupport_turing_computesInFp32Alone() throws IOException {
        assertThat(support(new Gpu(0, "NVIDIA T4", 7.5, 580), ALL).precisions()).containsExactly(Precision.FP32);
    }

    @Test
    void support_gpuWithoutLibtorchForGpus_namesTheProfile() {
        assertThat(NativeLibrary.support(Device.CUDA))
                .isEqualTo(DeviceSupport.unusable("this build has no libtorch for GPUs (build with -Pgpu)"));
    }

    @Test
    void load_noLibraryForGpus_isRejectedInOneLine() {
        assertThatThrownBy(() -> NativeLibrary.load(Device.CUDA))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("libtorch for GPUs cannot be loaded (")
                .hasMessageEndingWith("); install the missing library, or set model.device=cpu")
                .hasMessageNotContaining("\n");
    }

    @Test
    void load_classThatCannotBeInitialised_isRejectedInOneLine() {
        assertThatThrownBy(() -> NativeLibrary.load(Unloadable.class.getName(), "the library", "install it"))
                .isInstanceOf(SettingsException.class)
                .hasMessage("the library cannot be loaded (java.lang.UnsatisfiedLinkError: libexample.so.1: cannot open"
                        + " shared object file); install it");
    }

    /** Like a class of JavaCPP whose library needs another one that is missing. */
    private static final class Unloadable {
        private static final long ADDRESS = load();

        private static long load() {
            throw new UnsatisfiedLinkError("libexample.so.1: cannot open shared object file\n(details)");
        }
    }

    @Test
    void nameOf_gpu_hasItsNumber() {
        assertThat(LibtorchProvider.nameOf(Device.cuda(1))).isEqualTo("cuda:1");
        assertThat(LibtorchProvider.nameOf(Device.CPU)).isEqualTo("cpu");
    }

    private DeviceSupport support(Gpu gpu, List<String> libraries) throws IOException {
        LibrarySearch search = search(libraries, "");
        return NativeLibrary.gpuSupport(Device.CUDA, List.of(gpu), () -> search);
    }

    private LibrarySearch search(List<String> libraries, String listOfTheSystem) throws IOException {
        for (String library : libraries) {
            Files.createFile(folder.resolve(library));
        }
        return LibrarySearch.of(List.of(folder), listOfTheSystem);
    }
}
