package dev.tandem.engine.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.tensor.Tensor;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Test;

/** Every native object of libtorch is freed at once, and not when the garbage collector finds it. */
class TorchNativeMemoryTest {
    private static final int STEPS = 1_000;

    @Test
    void train_thousandSteps_keepsNoNativeObject() {
        // Batch norm has parameters without gradients; translations and encodings run beside the steps.
        Settings settings = TestSettings.tiny("model.width=2", "model.image-size=32", "model.norm=batch");
        long beforeOpening = Pointer.totalCount();
        try (Engine engine = new TorchUnderTest().open();
                BicycleGan model = BicycleGan.fresh(engine, settings)) {
            use(model);
            // A garbage collection can free objects of other tests meanwhile, so the count can also fall.
            long afterFirstStep = Pointer.totalCount();

            for (int step = 1; step < STEPS; step++) {
                use(model);
            }

            assertThat(Pointer.totalCount()).isLessThanOrEqualTo(afterFirstStep);
        }
        assertThat(Pointer.totalCount()).isLessThanOrEqualTo(beforeOpening);
    }

    private static void use(BicycleGan model) {
        Tensor images = Tensor.zeros(2, 3, 32, 32);
        model.train(images, images, Offsets.NONE);
        model.translate(images, Tensor.zeros(2, model.latentShape(2).channels()));
        model.encode(images);
    }
}
