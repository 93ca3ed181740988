package dev.tandem.engine.libtorch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import org.junit.jupiter.api.Test;

class FailedCaptureTest {
    /** Batch norm has statistics beside the outputs and gradients. */
    private static final Settings SETTINGS = TestSettings.tiny("model.norm=batch");

    @Test
    void train_captureFailsAtItsEnd_givesTheSameStepsAsWithoutGraphs() {
        OptionsOfGpus failing = new OptionsOfGpus(
                false,
                () -> Graphs.by(() -> SimulatedCapture.failing(
                        new IllegalStateException("CUDA error: operation failed due to a previous error"))));
        OptionsOfGpus eager = new OptionsOfGpus(false, Graphs::off);
        try (BicycleGan model = BicycleGan.fresh(failing.open(), SETTINGS);
                BicycleGan other = BicycleGan.fresh(eager.open(), SETTINGS)) {
            for (int step = 0; step < 2 * ReplayedWork.EAGER_RUNS; step++) {
                Tensor a = Noise.gaussian(model.inputShape(2), step, "a");
                Tensor b = Noise.gaussian(model.outputShape(2), step, "b");

                assertThat(model.train(a, b, Offsets.NONE)).isEqualTo(other.train(a, b, Offsets.NONE));
                Tensor z = Noise.gaussian(model.latentShape(2), step, "z");
                assertThat(model.translate(a, z).data())
                        .containsExactly(other.translate(a, z).data());
            }
        }
    }
}
