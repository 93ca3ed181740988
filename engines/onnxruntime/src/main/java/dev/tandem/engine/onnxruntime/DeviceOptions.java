package dev.tandem.engine.onnxruntime;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import dev.tandem.config.Device;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.OpenMpThreads;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The options of sessions on a device.
 *
 * @param threads number of threads on the CPU
 * @param tensorRt whether a GPU computes with TensorRT where that can
 * @param memoryLimit maximum memory of a session on a GPU in bytes; empty: the memory of the GPU
 */
record DeviceOptions(Device device, int threads, boolean tensorRt, OptionalLong memoryLimit) {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceOptions.class);
    private static final int MAX_IMAGES = 8;
    private static final String TENSORRT = "TANDEM_TENSORRT";

    static DeviceOptions of(Device device, EngineOptions options) {
        return of(device, options, System.getenv());
    }

    /** @param environment the environment variables */
    static DeviceOptions of(Device device, EngineOptions options, Map<String, String> environment) {
        return new DeviceOptions(
                device,
                OpenMpThreads.of(environment),
                "1".equals(environment.get(TENSORRT)) && !options.deterministic(),
                options.limits().device());
    }

    /** Sets the options of a session, and loads the library of the device. */
    void set(SessionOptions options) throws OrtException {
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        options.setDeterministicCompute(true);
        options.setIntraOpNumThreads(threads);
        // An arena grows by powers of two and never shrinks.
        options.setCPUArenaAllocator(false);
        // Otherwise idle threads wait actively after each image, while the streams need the cores.
        options.addConfigEntry("session.force_spinning_stop", "1");
        if (isGpu()) {
            options.setSymbolicDimensionValue("batch", 1);
            addGpu(options, device.index().orElse(0));
        }
    }

    /** On GPUs, groups of images have not been run, and TensorRT would build its engine again for each size. */
    int maxImages() {
        return isGpu() ? 1 : MAX_IMAGES;
    }

    boolean isGpu() {
        return device.kind() == Device.Kind.CUDA;
    }

    /** With CUDA for what TensorRT does not compute. */
    private void addGpu(SessionOptions options, int index) throws OrtException {
        if (tensorRt) {
            try {
                options.addTensorrt(index);
            } catch (OrtException e) {
                LOG.warn("{} is 1, but TensorRT is not used: {}", TENSORRT, NativeLibrary.firstLine(e));
            }
        }
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(index)) {
            for (Map.Entry<String, String> option : cudaOptions().entrySet()) {
                cuda.add(option.getKey(), option.getValue());
            }
            options.addCUDA(cuda);
        }
    }

    /** The options of ONNX Runtime for CUDA. */
    Map<String, String> cudaOptions() {
        Map<String, String> cuda = new TreeMap<>();
        // The default measures algorithms at the first run, and can choose another one in the next process.
        cuda.put("cudnn_conv_algo_search", "HEURISTIC");
        cuda.put("use_tf32", "0");
        // By default, the arena grows by powers of two.
        cuda.put("arena_extend_strategy", "kSameAsRequested");
        memoryLimit.ifPresent(bytes -> cuda.put("gpu_mem_limit", Long.toString(bytes)));
        return cuda;
    }
}
