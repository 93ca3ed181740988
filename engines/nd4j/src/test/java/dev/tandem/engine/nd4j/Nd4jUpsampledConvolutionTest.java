package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.UpsampledConvolutionConformance;

class Nd4jUpsampledConvolutionTest extends UpsampledConvolutionConformance {
    Nd4jUpsampledConvolutionTest() {
        super(new Nd4jUnderTest());
    }
}
