package dev.tandem.engine.onnxruntime;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.tandem.config.Device;
import dev.tandem.config.FileFault;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.DeviceSupport;
import dev.tandem.model.engine.GpuProbe;
import dev.tandem.model.engine.GpuProbe.Requirement;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Finds out which native libraries of ONNX Runtime can be used without loading them, and loads them. */
final class NativeLibrary {
    private static final Requirement GPU = new Requirement("ONNX Runtime", 7.5, 12.0, 580);

    private NativeLibrary() {}

    static DeviceSupport support(Device device) {
        if (device.kind() == Device.Kind.CUDA) {
            return isPresent("onnxruntime_providers_cuda")
                    ? GPU.choose(GpuProbe.gpus(), device.index())
                    : DeviceSupport.unusable("this build has no ONNX Runtime for GPUs (build with -Ponnxruntime-gpu)");
        }
        return isPresent("onnxruntime")
                ? DeviceSupport.cpu()
                : DeviceSupport.unusable("ONNX Runtime has no native library for " + platform());
    }

    /**
     * Loads the library, and for a GPU also its libraries of CUDA.
     *
     * @throws SettingsException if a library cannot be loaded
     */
    static OrtEnvironment load(DeviceOptions options) {
        OrtEnvironment environment = load();
        // The library of a device is loaded when a session requests it.
        try (SessionOptions session = new SessionOptions()) {
            options.set(session);
            // The libraries of a GPU are loaded from there later.
            if (!options.isGpu()) {
                ExtractedLibraries.delete();
            }
            return environment;
        } catch (OrtException | RuntimeException | LinkageError e) {
            throw new SettingsException("ONNX Runtime cannot use this device (" + firstLine(e)
                    + "); install the versions of CUDA and cuDNN that the message names, or set"
                    + " translate.engine=model to do without it");
        }
    }

    private static OrtEnvironment load() {
        try {
            OrtEnvironment environment = OrtEnvironment.getEnvironment();
            environment.setTelemetry(false);
            return environment;
        } catch (OrtException | RuntimeException | LinkageError e) {
            throw new SettingsException("ONNX Runtime cannot be loaded on " + platform() + " ("
                    + reasonOf(e)
                    + "); it needs glibc 2.28 or newer on Linux and a writable folder for temporary files ("
                    + System.getProperty("java.io.tmpdir") + "); set translate.engine=model to do without it");
        }
    }

    /** The library is loaded by the initialization of a class, whose own error says nothing. */
    private static String reasonOf(Throwable error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause instanceof IOException e ? FileFault.reason(e) : firstLine(cause);
    }

    /** The first line of a message; ONNX Runtime's go on with places in its source. */
    static String firstLine(Throwable e) {
        return Optional.ofNullable(e.getMessage())
                .orElseGet(e::toString)
                .lines()
                .findFirst()
                .orElse("");
    }

    private static boolean isPresent(String library) {
        String resource = "ai/onnxruntime/native/" + platform() + "/" + System.mapLibraryName(library);
        return NativeLibrary.class.getClassLoader().getResource(resource) != null;
    }

    /** Name of this machine's folder of native libraries, for example {@code linux-x64}. */
    private static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String architecture = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return (system.contains("mac") ? "osx" : system.contains("win") ? "win" : "linux")
                + (architecture.equals("amd64") || architecture.equals("x86_64") ? "-x64" : "-" + architecture);
    }
}
