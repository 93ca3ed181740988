package dev.tandem.model.engine;

import dev.tandem.config.ComputeSettings;
import dev.tandem.config.ComputeSettings.CudaGraphs;
import dev.tandem.config.Device;
import dev.tandem.config.Device.Kind;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The chosen engine and device.
 *
 * @param device the CPU, or a GPU with its number
 * @param description the device, the engine and the reason, in one line
 */
record EngineChoice(EngineProvider provider, Device device, String description) {

    /**
     * What a model needs of an engine.
     *
     * @param secondDerivatives whether its training computes second derivatives
     */
    record Needs(ComputeSettings compute, boolean secondDerivatives) {

        static Needs ofTranslation(ComputeSettings compute) {
            return new Needs(compute, false);
        }

        static Needs ofTraining(Settings settings) {
            return new Needs(settings.model().compute(), settings.train().needsSecondDerivatives());
        }
    }

    /**
     * Chooses the preferred engine and device that the needs allow: a GPU before the CPU, then by rank.
     *
     * @param providers all that are on the class path
     * @throws SettingsException if there is none
     */
    static EngineChoice of(Needs needs, List<EngineProvider> providers) {
        if (providers.isEmpty()) {
            throw new SettingsException("no engine is on the class path; add tandem-engine-nd4j");
        }
        Set<String> obstacles = new LinkedHashSet<>();
        return find(needs, named(needs.compute().engine(), providers), obstacles)
                .orElseThrow(() -> new SettingsException(impossible(needs, providers, String.join("; ", obstacles))));
    }

    /** @param obstacles receives the reasons against preferred engines and devices */
    private static Optional<EngineChoice> find(Needs needs, List<EngineProvider> candidates, Set<String> obstacles) {
        for (Device device : devices(needs.compute().device())) {
            for (EngineProvider provider : ordered(candidates, device.kind())) {
                DeviceSupport support = provider.support(device);
                Optional<String> obstacle = obstacle(needs, provider, support);
                if (obstacle.isEmpty()) {
                    String graphs = usesGraphs(needs.compute(), provider, device) ? " and CUDA graphs" : "";
                    String reason = reason(needs.compute(), obstacles);
                    return Optional.of(new EngineChoice(
                            provider,
                            support.device().orElseThrow(),
                            support.description() + ", with engine " + provider.name() + graphs + reason));
                }
                obstacles.add(obstacle.get());
            }
        }
        return Optional.empty();
    }

    private static List<EngineProvider> named(Optional<String> name, List<EngineProvider> providers) {
        List<EngineProvider> named = providers.stream()
                .filter(provider -> name.isEmpty() || provider.name().equals(name.get()))
                .toList();
        if (named.isEmpty()) {
            throw new SettingsException("model.engine is " + name.orElseThrow() + ", but this build has only "
                    + ordered(providers, Kind.CPU).stream()
                            .map(EngineProvider::name)
                            .collect(Collectors.joining(" and "))
                    + "; set model.engine=auto, or build with the profile of that engine (README.md, section GPU)");
        }
        return named;
    }

    private static List<Device> devices(Device requested) {
        return requested.kind() == Kind.AUTO ? List.of(Device.CUDA, Device.CPU) : List.of(requested);
    }

    private static List<EngineProvider> ordered(List<EngineProvider> providers, Kind kind) {
        return providers.stream()
                .sorted(Comparator.<EngineProvider>comparingInt(provider -> provider.rank(kind))
                        .thenComparing(EngineProvider::name))
                .toList();
    }

    /** Why an engine cannot compute the model on a device; empty if it can. */
    private static Optional<String> obstacle(Needs needs, EngineProvider provider, DeviceSupport support) {
        Optional<String> ofDevice =
                support.obstacle(provider.name(), needs.compute().precision());
        if (ofDevice.isEmpty() && needs.secondDerivatives() && !provider.hasSecondDerivatives()) {
            return Optional.of("engine " + provider.name()
                    + " has no second derivatives, which train.gan-mode=wgangp and" + " train.loss.lambda-r1 need");
        }
        return ofDevice;
    }

    private static boolean usesGraphs(ComputeSettings compute, EngineProvider provider, Device device) {
        return compute.cudaGraphs() == CudaGraphs.AUTO && provider.hasCudaGraphs() && device.kind() == Kind.CUDA;
    }

    private static String reason(ComputeSettings compute, Set<String> obstacles) {
        String engine = compute.engine().isPresent() ? " (set by model.engine)" : "";
        if (!obstacles.isEmpty()) {
            return engine + ", because " + String.join("; ", obstacles);
        }
        return engine + (compute.device().kind() == Kind.AUTO ? ", the preferred choice" : ", as set by model.device");
    }

    private static String impossible(Needs needs, List<EngineProvider> providers, String obstacles) {
        Optional<EngineChoice> ofAnyEngine = find(needs, providers, new LinkedHashSet<>());
        if (ofAnyEngine.isPresent()) {
            return "model.engine is " + needs.compute().engine().orElseThrow() + ", but " + obstacles
                    + "; set model.engine=auto to use "
                    + ofAnyEngine.get().provider().name() + " on "
                    + ofAnyEngine.get().device();
        }
        Device device = needs.compute().device();
        return device.kind() == Kind.CUDA
                ? "model.device is " + device + ", but " + obstacles + "; set model.device=auto to use the CPU"
                : "no engine of this build can compute the model: " + obstacles
                        + "; change these settings, or build with another engine (README.md, section GPU)";
    }
}
