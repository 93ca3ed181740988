package dev.tandem.model.engine;

import dev.tandem.config.Device;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.SettingsException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses an engine of the class path and a device, and opens it. */
public final class Engines {
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);
    /** The faster engine first. Others follow by name. */
    private static final List<String> ORDER_ON_CPU = List.of("nd4j", "libtorch");

    private static final List<String> ORDER_ON_GPU = List.of("libtorch", "nd4j");

    private Engines() {}

    /**
     * The chosen engine and device.
     *
     * @param device the CPU, or a GPU with its number
     * @param description the device, the engine and the reason, in one line
     */
    record Choice(EngineProvider provider, Device device, String description) {}

    /**
     * Opens an engine without a memory limit of its own.
     *
     * @throws SettingsException if no engine can use the requested device
     */
    public static Engine open(ModelSettings model) {
        return open(model, OptionalLong.empty());
    }

    /**
     * Opens an engine.
     *
     * @param maxOffHeap limit of the memory outside the heap, in bytes; empty: the memory of the device or machine
     * @throws SettingsException if no engine can use the requested device
     */
    public static Engine open(ModelSettings model, OptionalLong maxOffHeap) {
        return open(choose(model.engine(), model.device(), providers()), maxOffHeap, Optional.empty());
    }

    /**
     * Opens an engine that measures the times of its native operations.
     *
     * @throws SettingsException if no engine can use the requested device
     */
    public static Engine openTimed(ModelSettings model, OperationTimes times) {
        Choice choice = choose(model.engine(), model.device(), providers());
        return open(choice, OptionalLong.empty(), Optional.of(times));
    }

    /**
     * Opens the best engine for the CPU.
     *
     * @throws SettingsException if no engine can use the CPU
     */
    public static Engine openOnCpu() {
        Choice choice = choose(ModelSettings.Engine.AUTO, Device.CPU, providers());
        return open(choice, OptionalLong.empty(), Optional.empty());
    }

    private static Engine open(Choice choice, OptionalLong maxOffHeap, Optional<OperationTimes> times) {
        LOG.info("model device: {}", choice.description());
        return choice.provider().open(choice.device(), new EngineOptions(choice.description(), maxOffHeap, times));
    }

    /** @throws SettingsException if no engine can use the requested device */
    public static void require(ModelSettings model) {
        choose(model.engine(), model.device(), providers());
    }

    /**
     * The device that the best engine would use: the CPU, or a GPU with its number.
     *
     * @throws SettingsException if no engine can use the requested device
     */
    static Device device(ModelSettings model) {
        return choose(model.engine(), model.device(), providers()).device();
    }

    /** @param providers all that are on the class path */
    static Choice choose(ModelSettings.Engine engine, Device device, List<EngineProvider> providers) {
        if (providers.isEmpty()) {
            throw new SettingsException("no engine is on the class path; add tandem-engine-nd4j");
        }
        List<EngineProvider> candidates = named(engine, providers);
        if (device.kind() == Device.Kind.CPU) {
            return onCpu(candidates, "as set by model.device");
        }
        Set<String> reasons = new LinkedHashSet<>();
        for (EngineProvider provider : ordered(candidates, ORDER_ON_GPU)) {
            DeviceSupport gpu = provider.support(device.kind() == Device.Kind.CUDA ? device : Device.CUDA);
            if (gpu.usable()) {
                return new Choice(
                        provider, gpu.device().orElseThrow(), gpu.description() + ", with engine " + provider.name());
            }
            reasons.add(gpu.description());
        }
        String reason = String.join("; ", reasons);
        if (device.kind() == Device.Kind.CUDA) {
            throw new SettingsException(
                    "model.device is " + device + ", but " + reason + "; set model.device=auto to use the CPU");
        }
        return onCpu(candidates, "because " + reason);
    }

    private static List<EngineProvider> named(ModelSettings.Engine engine, List<EngineProvider> providers) {
        if (engine == ModelSettings.Engine.AUTO) {
            return providers;
        }
        String name = engine.name().toLowerCase(Locale.ROOT);
        List<EngineProvider> named = providers.stream()
                .filter(provider -> provider.name().equals(name))
                .toList();
        if (named.isEmpty()) {
            throw new SettingsException("model.engine is " + name + ", but this build has only "
                    + String.join(
                            " and ",
                            ordered(providers, ORDER_ON_CPU).stream()
                                    .map(EngineProvider::name)
                                    .toList())
                    + "; set model.engine=auto, or build with the profile of that engine (README.md, section GPU)");
        }
        return named;
    }

    private static Choice onCpu(List<EngineProvider> providers, String reason) {
        List<String> obstacles = new ArrayList<>();
        for (EngineProvider provider : ordered(providers, ORDER_ON_CPU)) {
            DeviceSupport cpu = provider.support(Device.CPU);
            if (cpu.usable()) {
                return new Choice(provider, Device.CPU, "CPU, with engine " + provider.name() + ", " + reason);
            }
            obstacles.add(cpu.description());
        }
        throw new SettingsException("no engine can use the CPU: " + String.join("; ", obstacles));
    }

    private static List<EngineProvider> ordered(List<EngineProvider> providers, List<String> order) {
        return providers.stream()
                .sorted(Comparator.<EngineProvider>comparingInt(provider -> rank(order, provider.name()))
                        .thenComparing(EngineProvider::name))
                .toList();
    }

    private static int rank(List<String> order, String name) {
        int rank = order.indexOf(name);
        return rank < 0 ? order.size() : rank;
    }

    private static List<EngineProvider> providers() {
        try {
            return ServiceLoader.load(EngineProvider.class, Engines.class.getClassLoader()).stream()
                    .map(ServiceLoader.Provider::get)
                    .toList();
        } catch (ServiceConfigurationError e) {
            throw new SettingsException(
                    "an engine on the class path cannot be loaded (" + e.getMessage() + "); remove or reinstall it");
        }
    }
}
