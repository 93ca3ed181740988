package dev.tandem.engine.onnxruntime;

import ai.onnxruntime.OrtException;
import dev.tandem.config.Device;
import dev.tandem.config.MemoryLimits;
import dev.tandem.model.engine.DeviceMemoryException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Recognizes ONNX Runtime's exceptions about memory, which have no code of their own, by their text. */
final class OutOfMemory {
    private static final List<String> TEXTS = List.of(
            "bad_alloc",
            "failed to allocate memory",
            "is smaller than requested bytes",
            "out of memory",
            "cublas_status_alloc_failed",
            "cudnn_status_alloc_failed",
            "cudnn_status_internal_error_device_allocation_failed");

    private OutOfMemory() {}

    /**
     * Returns the exception for the user; empty if it is not about memory.
     *
     * @param isLimited whether a setting limits the memory of the device
     */
    static Optional<DeviceMemoryException> recognize(OrtException exception, Device device, boolean isLimited) {
        String text = String.valueOf(exception.getMessage()).toLowerCase(Locale.ROOT);
        if (TEXTS.stream().noneMatch(text::contains)) {
            return Optional.empty();
        }
        String detail = " (" + NativeLibrary.firstLine(exception) + ")";
        if (device.kind() != Device.Kind.CUDA) {
            return Optional.of(new DeviceMemoryException(
                    "the model needs more memory than the machine has" + detail, "end other processes on the machine"));
        }
        String remedy = "end other processes that use the GPU";
        return Optional.of(new DeviceMemoryException(
                "the model needs more memory than the GPU has" + detail,
                isLimited ? "raise " + MemoryLimits.DEVICE + ", " + remedy : remedy));
    }
}
