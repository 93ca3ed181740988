package dev.tandem.engine.libtorch;

import dev.tandem.model.conformance.TranslationConformance;

class TorchTranslationTest extends TranslationConformance {
    TorchTranslationTest() {
        super(new TorchUnderTest());
    }
}
