package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.tensor.Tensor;
import org.junit.jupiter.api.Test;

/** The memory that an engine reports: constant over steps, free after closing, limited by {@code run.max-off-heap}. */
public abstract class MemoryConformance extends EngineConformance {
    private static final Settings SETTINGS = TestSettings.tiny();

    protected MemoryConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @Test
    void bytes_severalSteps_growsInTheFirstStepOnly() {
        Engine engine = engineUnderTest().open();
        BicycleGan model = BicycleGan.fresh(engine, SETTINGS);
        long afterOpening = engine.bytes();

        step(model);
        long afterFirstStep = engine.bytes();
        step(model);

        assertThat(afterOpening).isPositive();
        assertThat(afterFirstStep).isGreaterThan(afterOpening);
        assertThat(engine.bytes()).isEqualTo(afterFirstStep);
        model.close();
        assertThat(engine.bytes()).isZero();
    }

    @Test
    void train_limitTooLow_namesTheSettingsToChange() {
        long weightsOnly;
        try (Engine engine = engineUnderTest().open()) {
            BicycleGan.fresh(engine, SETTINGS);
            weightsOnly = engine.bytes();
        }
        try (BicycleGan model = BicycleGan.fresh(engineUnderTest().open(weightsOnly + 100_000), SETTINGS)) {
            assertThatThrownBy(() -> step(model))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContaining("run.max-off-heap")
                    .hasMessageContaining("train.batch-size");
        }
    }

    private static void step(BicycleGan model) {
        Tensor images = Tensor.zeros(2, 3, 32, 32);
        model.train(images, images, Offsets.NONE);
    }
}
