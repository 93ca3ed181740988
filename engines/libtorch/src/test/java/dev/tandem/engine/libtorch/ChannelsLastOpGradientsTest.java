package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.OpGradientsConformance;

class ChannelsLastOpGradientsTest extends OpGradientsConformance {
    ChannelsLastOpGradientsTest() {
        super(OptionsOfGpus.withChannelsLast());
    }
}
