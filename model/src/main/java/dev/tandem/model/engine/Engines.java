package dev.tandem.model.engine;

import dev.tandem.config.ComputeSettings;
import dev.tandem.config.ComputeSettings.CudaGraphs;
import dev.tandem.config.Device;
import dev.tandem.config.MemoryLimits;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.engine.EngineChoice.Needs;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses an engine of the class path and a device, and opens it.
 *
 * <p>If no engine can compute a model as its settings say, the methods throw a {@link SettingsException}.
 */
public final class Engines {
    private static final Logger LOG = LoggerFactory.getLogger(Engines.class);

    private Engines() {}

    /** Opens an engine for translating and encoding, without a memory limit of its own. */
    public static Engine open(ModelSettings model) {
        return open(model, MemoryLimits.NONE);
    }

    /** Opens an engine for translating and encoding. */
    public static Engine open(ModelSettings model, MemoryLimits limits) {
        return open(Needs.ofTranslation(model.compute()), options -> options.with(limits));
    }

    /** Opens an engine for training. */
    public static Engine openForTraining(Settings settings, MemoryLimits limits) {
        return Workload.training(settings).run(() -> open(Needs.ofTraining(settings), options -> options.with(limits)));
    }

    /** Opens an engine for translating and encoding that measures the times of its native operations. */
    public static Engine openTimed(ModelSettings model, OperationTimes times) {
        return open(Needs.ofTranslation(model.compute()), options -> options.timedBy(times));
    }

    /** Opens an engine for training that measures the times of its native operations. */
    public static Engine openTimed(Settings settings, OperationTimes times) {
        return open(Needs.ofTraining(settings), options -> options.timedBy(times));
    }

    /** Opens the preferred engine for the CPU. */
    public static Engine openOnCpu() {
        return open(Needs.ofTranslation(ComputeSettings.on(Device.CPU)), UnaryOperator.identity());
    }

    private static Engine open(Needs needs, UnaryOperator<EngineOptions> with) {
        EngineChoice choice = choose(needs);
        LOG.info("model device: {}", choice.description());
        EngineOptions options = new EngineOptions(
                choice.description(),
                needs.compute().precision(),
                needs.compute().deterministic(),
                needs.compute().cudaGraphs() == CudaGraphs.AUTO,
                MemoryLimits.NONE,
                Optional.empty());
        return choice.provider().open(choice.device(), with.apply(options));
    }

    /** Checks that an engine can translate and encode. */
    public static void require(ModelSettings model) {
        choose(Needs.ofTranslation(model.compute()));
    }

    /** Checks that an engine can train. */
    public static void requireForTraining(Settings settings) {
        choose(Needs.ofTraining(settings));
    }

    /** The device on which an engine would translate and encode: the CPU, or a GPU with its number. */
    static Device device(ModelSettings model) {
        return choose(Needs.ofTranslation(model.compute())).device();
    }

    private static EngineChoice choose(Needs needs) {
        OpenMpThreads.require();
        return EngineChoice.of(needs, providers());
    }

    /** The GPUs of this machine, and what each engine can use. */
    public static HardwareReport report() {
        return HardwareReport.of(GpuProbe.gpus(), providers(), InferenceEngines.providers());
    }

    private static List<EngineProvider> providers() {
        return Providers.load(EngineProvider.class);
    }
}
