package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.SplitConvolutionConformance;

class Nd4jSplitConvolutionTest extends SplitConvolutionConformance {
    Nd4jSplitConvolutionTest() {
        super(new Nd4jUnderTest());
    }
}
