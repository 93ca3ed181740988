package dev.tandem.engine.libtorch;

import dev.tandem.config.ComputeSettings.Precision;
import dev.tandem.config.Device;
import dev.tandem.config.MemoryLimits;
import dev.tandem.model.engine.DeviceSupport;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.EngineProvider;
import dev.tandem.model.engine.MemoryBudget;
import java.util.Optional;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Provides the libtorch engine on the CPU or, in a build with libtorch for GPUs, on a GPU. */
public final class LibtorchProvider implements EngineProvider {
    static final String NAME = "libtorch";

    @Override
    public String name() {
        return NAME;
    }

    /** First on a GPU. */
    @Override
    public int rank(Device.Kind kind) {
        return kind == Device.Kind.CPU ? 1 : 0;
    }

    @Override
    public DeviceSupport support(Device device) {
        return NativeLibrary.support(device);
    }

    @Override
    public boolean hasSecondDerivatives() {
        return true;
    }

    @Override
    public boolean hasCudaGraphs() {
        return true;
    }

    @Override
    public Engine open(Device device, EngineOptions options) {
        NativeLibrary.load(device);
        Placement placement = placement(device, ScalarType.Float, hasChannelsLast(device, options.precision()));
        NativeMemory.free(() -> configure(options));
        Optional<CudaMemory> gpuMemory = gpuMemory(device, options.limits());
        Autocast autocast = new Autocast(
                device.kind() == Device.Kind.CUDA ? DeviceType.CUDA : DeviceType.CPU,
                options.precision() == Precision.BF16);
        return new TorchEngine(
                new Computation(
                        placement, autocast, new Instrument(options.operationTimes()), graphs(gpuMemory, options)),
                options.device(),
                MemoryBudget.of(device, options.limits()),
                gpuMemory);
    }

    /** The tensor cores of a GPU compute convolutions of images with channels last; see docs/explanation/engines.md. */
    static boolean hasChannelsLast(Device device, Precision precision) {
        return device.kind() == Device.Kind.CUDA && precision != Precision.FP32;
    }

    /** Times of operations cannot be measured in a graph. */
    private static Graphs graphs(Optional<CudaMemory> gpu, EngineOptions options) {
        return gpu.filter(memory ->
                        options.cudaGraphs() && options.operationTimes().isEmpty())
                .map(memory -> Graphs.by(() -> CudaGraphCapture.open(memory.index())))
                .orElseGet(Graphs::off);
    }

    /** Starts CUDA, so that a GPU without free memory is found here. */
    private static Optional<CudaMemory> gpuMemory(Device device, MemoryLimits limits) {
        return device.kind() == Device.Kind.CUDA
                ? Optional.of(CudaMemory.open(device.index().orElse(0), limits.device()))
                : Optional.empty();
    }

    /** Sets what libtorch applies to the whole process, also to engines that are open. */
    private static void configure(EngineOptions options) {
        Context context = torch.globalContext();
        context.setAllowTF32CuBLAS(options.precision() == Precision.TF32);
        context.setAllowTF32CuDNN(options.precision() == Precision.TF32);
        // The benchmark chooses the fastest algorithm by measurement, so the choice can differ from run to run.
        context.setBenchmarkCuDNN(!options.deterministic());
        context.setDeterministicCuDNN(options.deterministic());
        context.setDeterministicAlgorithms(options.deterministic(), false);
    }

    /**
     * Where tensors of a type live on a device.
     *
     * @param channelsLast as in {@link Placement}
     */
    static Placement placement(Device device, ScalarType type, boolean channelsLast) {
        return new Placement(nameOf(device), type, channelsLast);
    }

    /** libtorch's name of a device. */
    static String nameOf(Device device) {
        return device.kind() == Device.Kind.CUDA ? "cuda:" + device.index().orElse(0) : "cpu";
    }
}
