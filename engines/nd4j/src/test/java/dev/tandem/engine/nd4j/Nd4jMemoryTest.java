package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.MemoryConformance;

class Nd4jMemoryTest extends MemoryConformance {
    Nd4jMemoryTest() {
        super(new Nd4jUnderTest());
    }
}
