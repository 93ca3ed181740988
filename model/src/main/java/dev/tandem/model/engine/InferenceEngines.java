package dev.tandem.model.engine;

import dev.tandem.config.ComputeSettings;
import dev.tandem.config.ComputeSettings.CudaGraphs;
import dev.tandem.config.ComputeSettings.Precision;
import dev.tandem.config.Device;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TranslateSettings;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Chooses, by {@code translate.engine}, the engine of weights that do not train, and opens it. */
public final class InferenceEngines {
    private static final Logger LOG = LoggerFactory.getLogger(InferenceEngines.class);

    private InferenceEngines() {}

    /** @param device the CPU, or a GPU with its number */
    record Choice(InferenceProvider provider, Device device, String description) {

        private static Choice of(InferenceProvider provider, DeviceSupport support) {
            return new Choice(
                    provider,
                    support.device().orElseThrow(),
                    support.description() + ", with engine " + provider.name() + ", for weights that do not train");
        }

        private InferenceEngine open(Settings settings, Optional<OperationTimes> times) {
            ComputeSettings compute = settings.model().compute();
            EngineOptions options = new EngineOptions(
                    description,
                    compute.precision(),
                    compute.deterministic(),
                    compute.cudaGraphs() == CudaGraphs.AUTO,
                    settings.run().memory(),
                    times);
            return provider.open(device, options);
        }
    }

    /**
     * Opens the engine.
     *
     * @return empty: the engine of the model computes these weights, too
     * @throws SettingsException if {@code translate.engine} demands an engine that this build or machine does not have
     */
    public static Optional<InferenceEngine> open(Settings settings) {
        return open(settings, Optional.empty());
    }

    /** Opens the engine, and measures the times of its runs. */
    public static Optional<InferenceEngine> openTimed(Settings settings, OperationTimes times) {
        return open(settings, Optional.of(times));
    }

    private static Optional<InferenceEngine> open(Settings settings, Optional<OperationTimes> times) {
        Optional<InferenceEngine> opened = choose(settings).flatMap(choice -> open(settings, choice, times));
        opened.ifPresent(engine -> LOG.info("translation device: {}", engine.device()));
        return opened;
    }

    /**
     * Chooses without opening.
     *
     * @return whether there is an engine for these weights; false: the engine of the model computes them, too
     * @throws SettingsException if {@code translate.engine} demands an engine that this build or machine does not have
     */
    public static boolean require(Settings settings) {
        return choose(settings).isPresent();
    }

    private static Optional<InferenceEngine> open(Settings settings, Choice choice, Optional<OperationTimes> times) {
        try {
            return Optional.of(choice.open(settings, times));
        } catch (SettingsException e) {
            if (settings.translate().engine() != TranslateSettings.Engine.AUTO) {
                throw e;
            }
            LOG.warn("{}; the engine of the model translates", e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<Choice> choose(Settings settings) {
        OpenMpThreads.require();
        return choose(settings.translate().engine(), settings.model(), providers(), Engines::device);
    }

    /**
     * @param providers all that are on the class path
     * @param deviceOfModel finds out where the engine of the model would compute
     */
    static Optional<Choice> choose(
            TranslateSettings.Engine engine,
            ModelSettings model,
            List<InferenceProvider> providers,
            Function<ModelSettings, Device> deviceOfModel) {
        ComputeSettings compute = model.compute();
        return switch (engine) {
            case MODEL -> Optional.empty();
            case AUTO ->
                providers.isEmpty()
                        ? Optional.empty()
                        : usable(providers, deviceOfModel.apply(model), compute.precision());
            case ONNXRUNTIME -> Optional.of(required(engine, compute, providers));
        };
    }

    private static Optional<Choice> usable(List<InferenceProvider> providers, Device device, Precision precision) {
        return providers.stream()
                .flatMap(provider -> Stream.of(provider.support(device))
                        .filter(support ->
                                support.obstacle(provider.name(), precision).isEmpty())
                        .map(support -> Choice.of(provider, support)))
                .findFirst();
    }

    private static Choice required(
            TranslateSettings.Engine engine, ComputeSettings compute, List<InferenceProvider> providers) {
        Device device = compute.device();
        String name = engine.name().toLowerCase(Locale.ROOT);
        InferenceProvider provider = providers.stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new SettingsException("translate.engine is " + name
                        + ", but this build does not have that engine; set translate.engine=auto, or add tandem-engine-"
                        + name + " to the class path"));
        Optional<Choice> gpu = device.kind() == Device.Kind.AUTO
                ? usable(List.of(provider), Device.CUDA, compute.precision())
                : Optional.empty();
        return gpu.orElseGet(() -> {
            DeviceSupport support = provider.support(device.kind() == Device.Kind.AUTO ? Device.CPU : device);
            support.obstacle(name, compute.precision()).ifPresent(obstacle -> {
                throw new SettingsException("translate.engine is " + name + " and model.device is " + device + ", but "
                        + obstacle + "; set translate.engine=auto");
            });
            return Choice.of(provider, support);
        });
    }

    static List<InferenceProvider> providers() {
        return Providers.load(InferenceProvider.class);
    }
}
