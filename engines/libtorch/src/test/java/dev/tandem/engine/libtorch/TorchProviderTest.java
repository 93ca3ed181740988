package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.ProviderConformance;

class TorchProviderTest extends ProviderConformance {
    TorchProviderTest() {
        super(new TorchUnderTest());
    }
}
