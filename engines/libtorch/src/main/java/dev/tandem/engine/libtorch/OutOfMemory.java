package dev.tandem.engine.libtorch;

import dev.tandem.config.MemoryLimits;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.DeviceMemoryException;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** Recognizes libtorch's exceptions about memory, which have no class of their own, by their text. */
final class OutOfMemory {
    private static final String CACHING_ALLOCATOR = "CUDA out of memory. ";
    /** What follows is about fragmentation: numbers and advice that names Python's variables. */
    private static final String FRAGMENTATION = "Of the allocated memory";
    /** The caching allocator names the limit of the process if one is set. */
    private static final String LIMIT = " allowed; ";

    private static final List<String> GPU = List.of(
            "cuda error: out of memory",
            "cuda driver error: out of memory",
            "error 2: out of memory",
            "cublas_status_alloc_failed",
            "cudnn_status_alloc_failed",
            "cudnn_status_internal_error_device_allocation_failed");
    private static final List<String> CPU = List.of("defaultcpuallocator", "std::bad_alloc");

    private OutOfMemory() {}

    /**
     * Runs code of libtorch.
     *
     * @throws DeviceMemoryException if libtorch cannot allocate memory
     */
    static <R> R recognized(Supplier<R> code) {
        try {
            return code.get();
        } catch (SettingsException e) {
            throw e;
        } catch (RuntimeException e) {
            throw recognize(e);
        }
    }

    /** Returns a {@link DeviceMemoryException} if the exception is about memory, and otherwise the exception. */
    static RuntimeException recognize(RuntimeException exception) {
        String text = String.valueOf(exception.getMessage());
        int start = text.indexOf(CACHING_ALLOCATOR);
        if (start >= 0) {
            return ofCachingAllocator(firstLine(text.substring(start + CACHING_ALLOCATOR.length())));
        }
        String line = firstLine(text);
        String comparable = line.toLowerCase(Locale.ROOT);
        if (GPU.stream().anyMatch(comparable::contains)) {
            return new DeviceMemoryException(onGpu(line), "end other processes that use the GPU");
        }
        return CPU.stream().anyMatch(comparable::contains)
                ? new DeviceMemoryException(
                        "the model needs more memory than the machine has (" + line + ")",
                        "end other processes on the machine")
                : exception;
    }

    private static DeviceMemoryException ofCachingAllocator(String line) {
        int end = line.indexOf(FRAGMENTATION);
        String numbers = (end < 0 ? line : line.substring(0, end)).strip().replaceFirst("[.;]$", "");
        String remedy = line.contains(LIMIT)
                ? "raise " + MemoryLimits.DEVICE + ", end other processes that use the GPU"
                : "end other processes that use the GPU";
        return new DeviceMemoryException(onGpu(numbers), remedy);
    }

    private static String onGpu(String detail) {
        return "the model needs more memory than the GPU has (" + detail + ")";
    }

    private static String firstLine(String text) {
        return text.lines().findFirst().orElse("").strip();
    }
}
