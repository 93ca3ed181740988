package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.GradientRoutingConformance;

class TorchGradientRoutingTest extends GradientRoutingConformance {
    TorchGradientRoutingTest() {
        super(new TorchUnderTest());
    }
}
