package dev.tandem.engine.libtorch;

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

/**
 * The libtorch engine for the conformance kit, on the CPU or on the device that the system property {@code
 * tandem.test.device} names, for instance {@code cuda:0}; deterministic with {@code tandem.test.deterministic=true}.
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
        return EngineUnderTest.super.open(
                Boolean.getBoolean("tandem.test.deterministic") ? options.deterministically() : options);
    }

    @Override
    public double gradientTolerance(String goldenCase) {
        return LARGER_TOLERANCES.getOrDefault(goldenCase, EngineUnderTest.super.gradientTolerance(goldenCase));
    }

    @Override
    public Engine openDoublePrecision() {
        Computation computation = new Computation(
                LibtorchProvider.placement(DEVICE, ScalarType.Double),
                new Autocast(DeviceType.CPU, false),
                new Instrument(Optional.empty()));
        return new TorchEngine(computation, "test", MemoryBudget.of(DEVICE, MemoryLimits.NONE), Optional.empty());
    }
}
