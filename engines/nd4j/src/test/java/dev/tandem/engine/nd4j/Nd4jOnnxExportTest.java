package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.OnnxExportConformance;

class Nd4jOnnxExportTest extends OnnxExportConformance {
    Nd4jOnnxExportTest() {
        super(new Nd4jUnderTest());
    }
}
