package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.MemoryConformance;

class TorchMemoryTest extends MemoryConformance {
    TorchMemoryTest() {
        super(new TorchUnderTest());
    }
}
