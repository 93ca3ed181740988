package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Engine;
import org.nd4j.linalg.api.buffer.DataType;

/** Engines for tests of other packages. */
public final class TestEngines {
    private TestEngines() {}

    /** Double precision, for comparing gradients with differences. */
    public static Engine doublePrecision() {
        return new Nd4jEngine(DataType.DOUBLE, "test");
    }
}
