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

/** Chooses an engine on the class path and a device for it. */
public final class Engines {
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

    private Engines() {}

    /**
     * The engine and device that serve a wish.
     *
     * @param device {@code CPU} or {@code CUDA}
     * @param reason why, in one line
     */
    record Choice(EngineProvider provider, Device device, String reason) {}

    /**
     * Opens an engine that may use all the memory of the device or machine.
     *
     * @throws SettingsException if {@code cuda} is wanted and no engine can use a GPU
     */
    public static Engine open(Device wanted) {
        return open(wanted, OptionalLong.empty());
    }

    /**
     * Opens an engine.
     *
     * @param maxOffHeap limit in bytes of the memory outside the heap; empty: what the device or the machine has
     * @throws SettingsException if {@code cuda} is wanted and no engine can use a GPU
     */
    public static Engine open(Device wanted, OptionalLong maxOffHeap) {
        return open(wanted, maxOffHeap, Optional.empty());
    }

    /** Opens an engine that measures the time of its native operations. */
    public static Engine openTimed(Device wanted, OperationTimes times) {
        return open(wanted, OptionalLong.empty(), Optional.of(times));
    }

    private static Engine open(Device wanted, OptionalLong maxOffHeap, Optional<OperationTimes> times) {
        Choice choice = choose(wanted, providers());
        LOG.info("model device: {}", choice.reason());
        return choice.provider().open(choice.device(), new EngineOptions(choice.reason(), maxOffHeap, times));
    }

    /** @throws SettingsException if {@code cuda} is wanted and no engine can use a GPU */
    public static void require(Device wanted) {
        choose(wanted, providers());
    }

    /** @param providers in order of preference */
    static Choice choose(Device wanted, List<EngineProvider> providers) {
        if (providers.isEmpty()) {
            throw new SettingsException("no engine is on the class path; add tandem-engine-nd4j");
        }
        EngineProvider first = providers.get(0);
        if (wanted == Device.CPU) {
            return new Choice(first, Device.CPU, "CPU, as model.device says");
        }
        for (EngineProvider provider : providers) {
            DeviceSupport gpu = provider.support(Device.CUDA);
            if (gpu.usable()) {
                return new Choice(provider, Device.CUDA, "GPU " + gpu.description());
            }
        }
        String obstacle = first.support(Device.CUDA).description();
        if (wanted == Device.CUDA) {
            throw new SettingsException("model.device is cuda, but " + obstacle);
        }
        return new Choice(first, Device.CPU, "CPU, because " + obstacle);
    }

    private static List<EngineProvider> providers() {
        return ServiceLoader.load(EngineProvider.class, Engines.class.getClassLoader()).stream()
                .map(ServiceLoader.Provider::get)
                .sorted(Comparator.comparing(EngineProvider::name))
                .toList();
    }
}
