package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.EngineUnderTest;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.EngineProvider;
import org.nd4j.linalg.api.buffer.DataType;

/** The ND4J engine for the conformance kit. */
final class Nd4jUnderTest implements EngineUnderTest {

    @Override
    public EngineProvider provider() {
        return new Nd4jProvider();
    }

    @Override
    public Engine openDoublePrecision() {
        return new Nd4jEngine(DataType.DOUBLE, "test");
    }
}
