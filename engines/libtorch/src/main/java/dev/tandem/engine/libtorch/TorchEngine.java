package dev.tandem.engine.libtorch;

import dev.tandem.model.engine.DeviceMemory;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.MemoryBudget;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.StagedInput;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.tensor.DeviceTensor;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The engine on libtorch, in one data type on one device. */
final class TorchEngine implements Engine {
    private final Computation computation;
    private final Placement placement;
    private final String description;
    private final MemoryBudget memory;
    private final Optional<CudaMemory> gpuMemory;
    private final Optional<CudaUploads> uploads;
    private final List<TorchVariables> variables = new ArrayList<>();
    private final List<TorchProgram> programs = new ArrayList<>();
    /** Programs run one after the other, so only the largest workspace counts. */
    private long workspaceBytes;

    /**
     * @param memory limits and counts the memory that programs and variables are expected to take
     * @param gpuMemory the memory that they really take; empty on a CPU
     */
    TorchEngine(Computation computation, String description, MemoryBudget memory, Optional<CudaMemory> gpuMemory) {
        this.computation = computation;
        this.placement = computation.placement();
        this.description = description;
        this.memory = memory;
        this.gpuMemory = gpuMemory;
        this.uploads = gpuMemory.map(gpu -> CudaUploads.open(gpu.index(), placement));
        // docs/explanation/engines.md: oneDNN computes wrong gradients. NNPACK warns at each convolution on new
        // hardware.
        torch.globalContext().setUserEnabledMkldnn(false);
        torch.globalContext().setUserEnabledNNPACK(false);
    }

    @Override
    public String name() {
        return LibtorchProvider.NAME;
    }

    @Override
    public String device() {
        return description;
    }

    @Override
    public DeviceMemory memory() {
        return gpuMemory.map(CudaMemory::usage).orElseGet(memory::memory);
    }

    @Override
    public Variables allocate(List<ParameterSpec> specs) {
        return allocate(specs, List.of(Kind.values()));
    }

    @Override
    public Variables allocateConstant(List<ParameterSpec> specs) {
        return allocate(specs, List.of(Kind.VALUE));
    }

    private Variables allocate(List<ParameterSpec> specs, List<Kind> kinds) {
        long elements = specs.stream().mapToLong(spec -> spec.shape().size()).sum();
        memory.reserve(elements * placement.elementBytes() * kinds.size());
        TorchVariables allocated = new TorchVariables(specs, placement, kinds);
        variables.add(allocated);
        return allocated;
    }

    @Override
    public Program compile(Phase phase) {
        TorchProgram program = TorchProgram.compile(phase, computation);
        long growth = Math.max(0, program.workspaceBytes() - workspaceBytes);
        try {
            memory.reserve(program.ownBytes() + growth);
        } catch (RuntimeException e) {
            program.close();
            throw e;
        }
        workspaceBytes += growth;
        programs.add(program);
        return program;
    }

    @Override
    public void average(Variables average, Variables source, double decay) {
        NativeMemory.free(() -> values(average).lerp_(values(source), new Scalar(1 - decay)));
    }

    @Override
    public StagedInput stage(dev.tandem.model.tensor.Tensor tensor) {
        return uploads.map(toGpu -> toGpu.stage(tensor)).orElseGet(() -> StagedInput.onHeap(tensor));
    }

    @Override
    public DeviceTensor gradientNorm(Variables variables) {
        return new TorchTensor(((TorchVariables) variables).gradientNorm(), Shape.SCALAR, placement);
    }

    @Override
    public Map<String, double[]> fetch(Map<String, DeviceTensor> tensors) {
        List<DeviceTensor> parts = List.copyOf(tensors.values());
        double[] packed = NativeMemory.freeAfter(() -> placement.readDoubles(torch.cat(new TensorVector(parts.stream()
                .map(part -> ((TorchTensor) part).tensor().flatten())
                .toArray(Tensor[]::new)))));
        Map<String, double[]> elements = new LinkedHashMap<>();
        int from = 0;
        for (Map.Entry<String, DeviceTensor> entry : tensors.entrySet()) {
            int to = from + entry.getValue().shape().size();
            elements.put(entry.getKey(), Arrays.copyOfRange(packed, from, to));
            from = to;
        }
        return elements;
    }

    @Override
    public void copy(Variables from, Variables to) {
        NativeMemory.free(() -> values(to).copy_(values(from)));
    }

    @Override
    public void close() {
        programs.forEach(TorchProgram::close);
        programs.clear();
        variables.forEach(TorchVariables::close);
        variables.clear();
        uploads.ifPresent(CudaUploads::close);
        computation.graphs().close();
        memory.releaseAll();
        gpuMemory.ifPresent(CudaMemory::close);
    }

    private static Tensor values(Variables variables) {
        return ((TorchVariables) variables).flat(Kind.VALUE);
    }
}
