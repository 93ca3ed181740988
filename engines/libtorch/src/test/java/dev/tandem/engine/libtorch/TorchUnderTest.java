package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.EngineUnderTest;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.EngineProvider;
import dev.tandem.model.engine.MemoryBudget;
import java.util.Optional;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** The libtorch engine for the conformance kit. */
final class TorchUnderTest implements EngineUnderTest {

    @Override
    public EngineProvider provider() {
        return new LibtorchProvider();
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
