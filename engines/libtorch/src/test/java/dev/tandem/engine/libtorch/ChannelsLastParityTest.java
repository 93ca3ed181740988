package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.ParityConformance;

class ChannelsLastParityTest extends ParityConformance {
    ChannelsLastParityTest() {
        super(OptionsOfGpus.withChannelsLast());
    }
}
