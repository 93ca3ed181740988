package dev.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.StepLosses;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OverfitTest {
    private static final int PAIRS = 8;
    private static final int STEPS = 300;

    @Test
    void train_eightPairs_l1FallsFiveTimes() {
        Settings settings = TestSettings.tiny(
                "model.width=16", "train.split-batch=false", "train.learning-rate=2e-3", "train.batch-size=8");
        try (BicycleGan model = BicycleGan.fresh(Engines.open(settings.model().device()), settings)) {
            Tensor a = squares(model.inputs(PAIRS), 0);
            Tensor b = squares(model.outputs(PAIRS), 1);

            StepLosses first = model.train(a, b, Offsets.NONE).losses();
            StepLosses last = first;
            for (int step = 1; step < STEPS; step++) {
                last = model.train(a, b, Offsets.NONE).losses();
            }

            assertThat(last.l1()).isLessThan(first.l1() / 5);
            assertThat(model.step()).isEqualTo(STEPS);
            assertThat(model.pairs()).isEqualTo((long) STEPS * PAIRS);
        }
    }

    /** Image i has a square at a place of its own: white in A, in B of a colour of its own. */
    private static Tensor squares(Shape shape, int coloured) {
        Tensor images = new Tensor(shape, new float[shape.size()]);
        Arrays.fill(images.data(), -1);
        int area = shape.height() * shape.width();
        for (int i = 0; i < shape.batch(); i++) {
            for (int c = 0; c < shape.channels(); c++) {
                float value = coloured == 0 || (i + 1 >> c & 1) == 1 ? 1 : -0.5f;
                for (int y = 4 + i; y < 20 + i; y++) {
                    for (int x = 18 - 2 * i + 2; x < 28 - 2 * i + 2; x++) {
                        images.data()[(i * shape.channels() + c) * area + y * shape.width() + x] = value;
                    }
                }
            }
        }
        return images;
    }
}
