package dev.tandem.model.engine;

import dev.tandem.config.ModelSettings.Device;
import dev.tandem.config.SettingsException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens an engine from the class path on the requested device. */
public final class Engines {
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

    private Engines() {}

    /**
     * The chosen engine and device.
     *
     * @param device {@code CPU} or {@code CUDA}
     * @param description the device and the reason for it, in one line
     */
    record Choice(EngineProvider provider, Device device, String description) {}

    /**
     * Opens an engine without a memory limit of its own.
     *
     * @throws SettingsException if {@code CUDA} is requested and no engine can use a GPU
     */
    public static Engine open(Device requested) {
        return open(requested, OptionalLong.empty());
    }

    /**
     * Opens an engine.
     *
     * @param maxOffHeap limit of the memory outside the heap, in bytes; empty: the memory of the device or machine
     * @throws SettingsException if {@code CUDA} is requested and no engine can use a GPU
     */
    public static Engine open(Device requested, OptionalLong maxOffHeap) {
        return open(requested, maxOffHeap, Optional.empty());
    }

    /**
     * Opens an engine that measures the times of its native operations.
     *
     * @throws SettingsException if {@code CUDA} is requested and no engine can use a GPU
     */
    public static Engine openTimed(Device requested, OperationTimes times) {
        return open(requested, OptionalLong.empty(), Optional.of(times));
    }

    private static Engine open(Device requested, OptionalLong maxOffHeap, Optional<OperationTimes> times) {
        Choice choice = choose(requested, providers());
        LOG.info("model device: {}", choice.description());
        return choice.provider().open(choice.device(), new EngineOptions(choice.description(), maxOffHeap, times));
    }

    /** @throws SettingsException if {@code CUDA} is requested and no engine can use a GPU */
    public static void require(Device requested) {
        choose(requested, providers());
    }

    /** @param providers in order of preference */
    static Choice choose(Device requested, List<EngineProvider> providers) {
        if (providers.isEmpty()) {
            throw new SettingsException("no engine is on the class path; add tandem-engine-nd4j");
        }
        EngineProvider preferred = providers.get(0);
        if (requested == Device.CPU) {
            return new Choice(preferred, Device.CPU, "CPU, as set by model.device");
        }
        for (EngineProvider provider : providers) {
            DeviceSupport gpu = provider.support(Device.CUDA);
            if (gpu.usable()) {
                return new Choice(provider, Device.CUDA, "GPU " + gpu.description());
            }
        }
        String reason = preferred.support(Device.CUDA).description();
        if (requested == Device.CUDA) {
            throw new SettingsException(
                    "model.device is cuda, but " + reason + "; set model.device=auto to use the CPU");
        }
        return new Choice(preferred, Device.CPU, "CPU, because " + reason);
    }

    private static List<EngineProvider> providers() {
        return ServiceLoader.load(EngineProvider.class, Engines.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(EngineProvider::name))
                .toList();
    }
}
