package dev.tandem.engine.libtorch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.tandem.config.Device;
import dev.tandem.config.MemoryLimits;
import dev.tandem.model.TestSettings;
import dev.tandem.model.conformance.EngineUnderTest;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.EngineProvider;
import dev.tandem.model.engine.MemoryBudget;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.slf4j.LoggerFactory;

/**
 * The libtorch engine for the conformance kit, on the CPU or on the device that the system property {@code
 * tandem.test.device} names, for instance {@code cuda:0}; deterministic with {@code tandem.test.deterministic=true}, and
 * with CUDA graphs with {@code tandem.test.cuda-graphs=true}.
 */
final class TorchUnderTest implements EngineUnderTest {
    /** Listed in docs/explanation/engines.md. */
    private static final Map<String, Double> LARGER_TOLERANCES = Map.of(
            "latent at the input, bilinear, lrelu", 3e-3,
            "odd batch, width 6, three discriminator layers", 3e-3);

    private static final Device DEVICE = TestSettings.tiny(
                    "model.device=" + System.getProperty("tandem.test.device", "cpu"))
            .model()
            .compute()
            .device();

    @Override
    public Device device() {
        return DEVICE;
    }

    @Override
    public EngineProvider provider() {
        return new LibtorchProvider();
    }

    @Override
    public Engine open(EngineOptions options) {
        EngineOptions reproducible =
                Boolean.getBoolean("tandem.test.deterministic") ? options.deterministically() : options;
        return EngineUnderTest.super.open(
                Boolean.getBoolean("tandem.test.cuda-graphs") ? withLoggedGraphs(reproducible) : reproducible);
    }

    /** bench/gpu checks in the log that phases were replayed. */
    private static EngineOptions withLoggedGraphs(EngineOptions options) {
        ((Logger) LoggerFactory.getLogger(Graphs.class)).setLevel(Level.INFO);
        return options.withCudaGraphs();
    }

    @Override
    public double gradientTolerance(String goldenCase) {
        return LARGER_TOLERANCES.getOrDefault(goldenCase, EngineUnderTest.super.gradientTolerance(goldenCase));
    }

    @Override
    public Engine openDoublePrecision() {
        NativeLibrary.load(DEVICE);
        return open(LibtorchProvider.placement(DEVICE, ScalarType.Double, false), MemoryLimits.NONE, Graphs.off());
    }

    /** Opens an engine with what programs choose only on a GPU. */
    static Engine open(Placement placement, MemoryLimits limits, Graphs graphs) {
        Computation computation = new Computation(
                placement, new Autocast(DeviceType.CPU, false), new Instrument(Optional.empty()), graphs);
        return new TorchEngine(computation, "test", MemoryBudget.of(DEVICE, limits), Optional.empty());
    }
}
