package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.EngineUnderTest;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.EngineProvider;
import dev.tandem.model.engine.MemoryBudget;
import java.util.Map;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The libtorch engine for the conformance kit. */
final class TorchUnderTest implements EngineUnderTest {
    /** Listed in docs/explanation/engines.md. */
    private static final Map<String, Double> LARGER_TOLERANCES = Map.of(
            "latent at the input, bilinear, lrelu", 3e-3,
            "odd batch, width 6, three discriminator layers", 3e-3);

    @Override
    public EngineProvider provider() {
        return new LibtorchProvider();
    }

    @Override
    public double gradientTolerance(String goldenCase) {
        return LARGER_TOLERANCES.getOrDefault(goldenCase, EngineUnderTest.super.gradientTolerance(goldenCase));
    }

    @Override
    public Engine openDoublePrecision() {
        return new TorchEngine(
                new Placement("cpu", ScalarType.Double),
                "test",
                MemoryBudget.ofMachine(),
                new Instrument(Optional.empty()));
    }
}
