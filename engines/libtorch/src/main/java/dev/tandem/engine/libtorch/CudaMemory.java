package dev.tandem.engine.libtorch;

import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.DeviceMemory;
import java.util.OptionalLong;
import org.bytedeco.pytorch.cuda.CUDAAllocator;
import org.bytedeco.pytorch.cuda.DeviceStats;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch_cuda;

/**
 * The memory of this process on a GPU, by libtorch's caching allocator. The code runs only after {@link
 * NativeLibrary#load}: a build for CPUs does not have the library that it calls.
 *
 * @param index number of the GPU
 * @param limit of the reserved memory, in bytes
 * @param isLimited whether the limit is lower than the memory of the GPU
 */
record CudaMemory(byte index, long limit, boolean isLimited) {
    private static final double WHOLE_GPU = 1;

    /**
     * Starts CUDA on a GPU and limits its memory.
     *
     * @throws SettingsException if the GPU cannot be used, for example because another process has it for itself
     */
    static CudaMemory open(int gpu, OptionalLong maxBytes) {
        try {
            return start((byte) gpu, maxBytes);
        } catch (SettingsException e) {
            throw e;
        } catch (RuntimeException e) {
            throw unusable(gpu, e);
        }
    }

    /** Messages of libtorch continue with the stack trace of C++. */
    static SettingsException unusable(int gpu, RuntimeException cause) {
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return new SettingsException("GPU " + gpu + " cannot be used (" + reason
                + "); end other processes that use it, or choose another device with model.device");
    }

    private static CudaMemory start(byte index, OptionalLong maxBytes) {
        return NativeMemory.freeAfter(() -> {
            torch.globalContext().lazyInitDevice(DeviceType.CUDA);
            CUDAAllocator allocator = torch_cuda.getAllocator();
            long total = allocator.getMemoryInfo(index).second();
            CudaMemory memory = of(index, total, maxBytes);
            if (memory.isLimited()) {
                allocator.setMemoryFraction(fraction(memory.limit(), total), index);
            }
            return memory;
        });
    }

    /** @param total memory of the GPU in bytes */
    static CudaMemory of(byte index, long total, OptionalLong maxBytes) {
        long limit = Math.min(total, maxBytes.orElse(total));
        return new CudaMemory(index, limit, limit < total);
    }

    /** The share of the GPU's memory that allows this many bytes, and no byte less by rounding. */
    static double fraction(long limit, long total) {
        return Math.min(WHOLE_GPU, Math.nextUp((double) limit / total));
    }

    DeviceMemory usage() {
        return NativeMemory.freeAfter(() -> {
            DeviceStats statistics = torch_cuda.getAllocator().getDeviceStats(index);
            return usage(
                    statistics.allocated_bytes().current(),
                    statistics.reserved_bytes().current());
        });
    }

    DeviceMemory usage(long allocated, long reserved) {
        return new DeviceMemory(allocated, reserved, OptionalLong.of(limit));
    }

    /** Returns reserved memory that is not used to the GPU, and lifts the limit. */
    void close() {
        NativeMemory.free(() -> {
            CUDAAllocator allocator = torch_cuda.getAllocator();
            allocator.emptyCache();
            if (isLimited) {
                allocator.setMemoryFraction(WHOLE_GPU, index);
            }
        });
    }
}
