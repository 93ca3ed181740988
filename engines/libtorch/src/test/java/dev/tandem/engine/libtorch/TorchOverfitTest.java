package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.OverfitConformance;

class TorchOverfitTest extends OverfitConformance {
    TorchOverfitTest() {
        super(new TorchUnderTest());
    }
}
