package dev.tandem.engine.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import dev.tandem.config.Device;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets the options of sessions on a device. */
final class DeviceOptions {
    private static final Logger LOG = LoggerFactory.getLogger(DeviceOptions.class);

    private DeviceOptions() {}

    /** @param deterministic whether every process must compute the same bits, on GPUs too */
    static void set(SessionOptions options, Device device, boolean deterministic) throws OrtException {
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
        options.setDeterministicCompute(true);
        options.setSymbolicDimensionValue("batch", 1);
        options.setIntraOpNumThreads(threads(Optional.ofNullable(System.getenv("OMP_NUM_THREADS"))));
        // An arena grows by powers of two and never shrinks.
        options.setCPUArenaAllocator(false);
        // Otherwise idle threads wait actively after each image, while the streams need the cores.
        options.addConfigEntry("session.force_spinning_stop", "1");
        if (device.kind() == Device.Kind.CUDA) {
            addGpu(options, device.index().orElse(0), deterministic);
        }
    }

    /** As many threads as other engines use: the variable of OpenMP, or else the processors of the machine or container. */
    static int threads(Optional<String> openMp) {
        return openMp.filter(value -> value.matches("[1-9]\\d{0,2}"))
                .map(Integer::parseInt)
                .orElseGet(() -> Runtime.getRuntime().availableProcessors());
    }

    /**
     * TensorRT if its libraries are on the machine, and CUDA for what it does not compute. TensorRT measures algorithms, and
     * can choose another one in the next process.
     */
    private static void addGpu(SessionOptions options, int index, boolean deterministic) throws OrtException {
        if (!deterministic && OrtEnvironment.getAvailableProviders().contains(OrtProvider.TENSOR_RT)) {
            try {
                options.addTensorrt(index);
            } catch (OrtException e) {
                LOG.info("TensorRT is not used: {}", NativeLibrary.firstLine(e));
            }
        }
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(index)) {
            // The default measures algorithms at the first run, and can choose another one in the next process.
            cuda.add("cudnn_conv_algo_search", "HEURISTIC");
            cuda.add("use_tf32", "0");
            options.addCUDA(cuda);
        }
    }
}
