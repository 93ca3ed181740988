package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.Device;
import dev.tandem.config.MemoryLimits;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.DeviceMemory;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.tensor.Tensor;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * The memory that an engine reports: constant over steps, free after closing, limited by {@code run.max-off-heap} on a CPU
 * and by {@code run.max-device-memory} on a GPU.
 */
public abstract class MemoryConformance extends EngineConformance {
    private static final Settings SETTINGS = TestSettings.tiny();
    private static final long LIMIT = 1L << 30;

    protected MemoryConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @Test
    void memory_severalSteps_growsInTheFirstStepOnly() {
        Engine engine = engineUnderTest().open();
        BicycleGan model = BicycleGan.fresh(engine, SETTINGS);
        long afterOpening = engine.memory().used();

        step(model);
        long afterFirstStep = engine.memory().used();
        step(model);

        assertThat(afterOpening).isPositive();
        assertThat(afterFirstStep).isGreaterThan(afterOpening);
        assertThat(engine.memory().used()).isEqualTo(afterFirstStep);
        model.close();
        assertThat(engine.memory().used()).isLessThan(afterFirstStep);
        if (!isGpu()) {
            // Libraries for GPUs keep their workspaces until the process ends.
            assertThat(engine.memory().used()).isZero();
        }
    }

    @Test
    void memory_limit_containsWhatIsReservedAndUsed() throws Exception {
        Engine engine = engineUnderTest().open(LIMIT);
        try (BicycleGan model = BicycleGan.fresh(engine, SETTINGS)) {
            step(model);
            DeviceMemory memory = engine.memory();

            assertThat(memory.limit()).hasValue(LIMIT);
            assertThat(memory.reserved()).isBetween(memory.used(), LIMIT);
            assertThat(CompletableFuture.supplyAsync(engine::memory).get())
                    .as("read by another thread")
                    .isEqualTo(memory);
        }
    }

    @Test
    void train_limitTooLow_namesBatchSizeAndImageSizeAndTheSettingsToChange() {
        try (Engine engine = engineUnderTest().open(weights() + 100_000)) {
            assertThatThrownBy(() -> step(BicycleGan.fresh(engine, SETTINGS)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageStartingWith("training with batch size 2 and image size 32 failed: the model needs more")
                    .hasMessageContaining(isGpu() ? MemoryLimits.DEVICE : MemoryLimits.OFF_HEAP)
                    .hasMessageEndingWith("or lower train.batch-size, model.image-size or model.width")
                    .hasMessageNotContaining("\n");
        }
    }

    @Test
    void translate_limitTooLow_namesTheBatchSizeOfTranslations() {
        try (Engine engine = engineUnderTest().open(weights() + 100_000)) {
            assertThatThrownBy(() -> BicycleGan.fresh(engine, SETTINGS)
                            .translate(Tensor.zeros(20, 3, 32, 32), Tensor.zeros(20, 8)))
                    .isInstanceOf(SettingsException.class)
                    .hasMessageStartingWith(
                            isGpu()
                                    ? "training with batch size 2"
                                    : "translation with batch size 16 and image size 32 failed: the model needs more")
                    .hasMessageContaining("batch-size, model.image-size or model.width");
        }
    }

    /** Memory of the weights, in bytes. */
    private long weights() {
        try (Engine engine = engineUnderTest().open()) {
            BicycleGan.fresh(engine, SETTINGS);
            return engine.memory().used();
        }
    }

    private boolean isGpu() {
        return engineUnderTest().device().kind() == Device.Kind.CUDA;
    }

    private static void step(BicycleGan model) {
        Tensor images = Tensor.zeros(2, 3, 32, 32);
        model.train(images, images, Offsets.NONE);
    }
}
