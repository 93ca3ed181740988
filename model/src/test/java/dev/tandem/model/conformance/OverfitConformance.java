package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.StepLosses;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** A model that trains on eight pairs only must reproduce them. */
public abstract class OverfitConformance extends EngineConformance {
    private static final int PAIRS = 8;
    private static final int STEPS = 300;

    protected OverfitConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @Test
    void train_eightPairs_dividesTheL1LossByFive() {
        Settings settings = TestSettings.tiny(
                "model.width=16", "train.split-batch=false", "train.learning-rate=2e-3", "train.batch-size=8");
        try (BicycleGan model = freshModel(settings)) {
            Tensor a = squares(model.inputShape(PAIRS), false);
            Tensor b = squares(model.outputShape(PAIRS), true);

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

    /** Each image has a square at a different place: white, or each in a different colour. */
    private static Tensor squares(Shape shape, boolean coloured) {
        Tensor images = new Tensor(shape, new float[shape.size()]);
        Arrays.fill(images.data(), -1);
        int area = shape.height() * shape.width();
        for (int i = 0; i < shape.batch(); i++) {
            for (int c = 0; c < shape.channels(); c++) {
                float value = !coloured || (i + 1 >> c & 1) == 1 ? 1 : -0.5f;
                for (int y = 4 + i; y < 20 + i; y++) {
                    for (int x = 20 - 2 * i; x < 30 - 2 * i; x++) {
                        images.data()[(i * shape.channels() + c) * area + y * shape.width() + x] = value;
                    }
                }
            }
        }
        return images;
    }
}
