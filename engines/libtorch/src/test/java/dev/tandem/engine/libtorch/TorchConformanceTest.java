package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.ConformanceKit;
import org.junit.jupiter.api.Test;

class TorchConformanceTest {

    @Test
    void conformanceKit_libtorch_isExtendedCompletely() {
        ConformanceKit.requireComplete("dev.tandem.engine.libtorch");
    }
}
