package dev.tandem.model.engine;

import dev.tandem.config.ModelSettings.Device;
import dev.tandem.config.SettingsException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens an engine from the class path on the requested device; of several that can use it, the first by name. */
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
     * @throws SettingsException if no engine can use the requested device
     */
    public static Engine open(Device requested) {
        return open(requested, OptionalLong.empty());
    }

    /**
     * Opens an engine.
     *
     * @param maxOffHeap limit of the memory outside the heap, in bytes; empty: the memory of the device or machine
     * @throws SettingsException if no engine can use the requested device
     */
    public static Engine open(Device requested, OptionalLong maxOffHeap) {
        return open(requested, maxOffHeap, Optional.empty());
    }

    /**
     * Opens an engine that measures the times of its native operations.
     *
     * @throws SettingsException if no engine can use the requested device
     */
    public static Engine openTimed(Device requested, OperationTimes times) {
        return open(requested, OptionalLong.empty(), Optional.of(times));
    }

    private static Engine open(Device requested, OptionalLong maxOffHeap, Optional<OperationTimes> times) {
        Choice choice = choose(requested, providers());
        LOG.info("model device: {}", choice.description());
        return choice.provider().open(choice.device(), new EngineOptions(choice.description(), maxOffHeap, times));
    }

    /** @throws SettingsException if no engine can use the requested device */
    public static void require(Device requested) {
        choose(requested, providers());
    }

    /** @param providers of those that can use the device, the first is chosen */
    static Choice choose(Device requested, List<EngineProvider> providers) {
        if (providers.isEmpty()) {
            throw new SettingsException("no engine is on the class path; add tandem-engine-nd4j");
        }
        if (requested == Device.CPU) {
            return onCpu(providers, "as set by model.device");
        }
        List<String> reasons = new ArrayList<>();
        for (EngineProvider provider : providers) {
            DeviceSupport gpu = provider.support(Device.CUDA);
            if (gpu.usable()) {
                return new Choice(provider, Device.CUDA, "GPU " + gpu.description());
            }
            reasons.add(gpu.description());
        }
        String reason = String.join("; ", reasons);
        if (requested == Device.CUDA) {
            throw new SettingsException(
                    "model.device is cuda, but " + reason + "; set model.device=auto to use the CPU");
        }
        return onCpu(providers, "because " + reason);
    }

    private static Choice onCpu(List<EngineProvider> providers, String reason) {
        List<String> obstacles = new ArrayList<>();
        for (EngineProvider provider : providers) {
            DeviceSupport cpu = provider.support(Device.CPU);
            if (cpu.usable()) {
                return new Choice(provider, Device.CPU, "CPU, " + reason);
            }
            obstacles.add(cpu.description());
        }
        throw new SettingsException("no engine can use the CPU: " + String.join("; ", obstacles));
    }

    private static List<EngineProvider> providers() {
        try {
            return ServiceLoader.load(EngineProvider.class, Engines.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .sorted(Comparator.comparing(EngineProvider::name))
                    .toList();
        } catch (ServiceConfigurationError e) {
            throw new SettingsException(
                    "an engine on the class path cannot be loaded (" + e.getMessage() + "); remove or reinstall it");
        }
    }
}
