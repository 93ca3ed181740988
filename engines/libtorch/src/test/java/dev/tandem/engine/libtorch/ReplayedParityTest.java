package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.ParityConformance;

class ReplayedParityTest extends ParityConformance {
    ReplayedParityTest() {
        super(OptionsOfGpus.withReplay());
    }
}
