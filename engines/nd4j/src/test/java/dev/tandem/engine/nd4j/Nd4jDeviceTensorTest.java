package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.DeviceTensorConformance;

class Nd4jDeviceTensorTest extends DeviceTensorConformance {
    Nd4jDeviceTensorTest() {
        super(new Nd4jUnderTest());
    }
}
