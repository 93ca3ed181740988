package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.DeviceTensorConformance;

class TorchDeviceTensorTest extends DeviceTensorConformance {
    TorchDeviceTensorTest() {
        super(new TorchUnderTest());
    }
}
