package dev.tandem.engine.nd4j;

import dev.tandem.model.conformance.TranslationConformance;

class Nd4jTranslationTest extends TranslationConformance {
    Nd4jTranslationTest() {
        super(new Nd4jUnderTest());
    }
}
