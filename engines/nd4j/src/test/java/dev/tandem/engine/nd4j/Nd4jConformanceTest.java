package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.ConformanceKit;
import org.junit.jupiter.api.Test;

class Nd4jConformanceTest {

    @Test
    void conformanceKit_nd4j_isExtendedCompletely() {
        ConformanceKit.requireComplete("dev.tandem.engine.nd4j");
    }
}
