package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.UpsampledConvolutionConformance;

class TorchUpsampledConvolutionTest extends UpsampledConvolutionConformance {
    TorchUpsampledConvolutionTest() {
        super(new TorchUnderTest());
    }
}
