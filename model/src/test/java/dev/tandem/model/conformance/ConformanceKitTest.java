package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ConformanceKitTest {
    private static final String NO_ENGINE = "dev.tandem.model.engine";

    @Test
    void missingIn_packageWithoutSubclasses_isTheWholeKit() {
        assertThat(ConformanceKit.missingIn(NO_ENGINE, EngineConformance.class))
                .contains("AdamConformance", "OpGradientsConformance", "ParityConformance")
                .allMatch(name -> name.endsWith("Conformance"));
    }

    @Test
    void missingIn_inferenceKit_isTheKitForInferenceAlone() {
        assertThat(ConformanceKit.missingIn(NO_ENGINE, InferenceConformance.class))
                .contains("InferenceParityConformance", "InferenceTranslationConformance")
                .allMatch(name -> name.startsWith("Inference"));
    }

    @Test
    void requireComplete_missingSubclass_namesTheClassOfTheKit() {
        assertThatThrownBy(() -> ConformanceKit.requireComplete(NO_ENGINE))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("no test class in dev.tandem.model.engine extends")
                .hasMessageContaining("OpGradientsConformance");
    }
}
