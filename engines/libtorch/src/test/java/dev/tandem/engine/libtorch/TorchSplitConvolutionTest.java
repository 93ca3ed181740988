package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.SplitConvolutionConformance;

class TorchSplitConvolutionTest extends SplitConvolutionConformance {
    TorchSplitConvolutionTest() {
        super(new TorchUnderTest());
    }
}
