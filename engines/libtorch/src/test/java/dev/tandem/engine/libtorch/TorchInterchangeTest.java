package dev.tandem.engine.libtorch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import dev.tandem.model.train.StepReport;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A checkpoint of one engine continues on another. */
class TorchInterchangeTest {
    /** One level of 255 in images from -1 to 1. */
    private static final float LEVEL = 2f / 255;

    @TempDir
    private Path folder;

    /** Batch norm, an averaged generator and Adam's moments: all kinds of state. */
    @ParameterizedTest(name = "{0} to {1}, {2}")
    @CsvSource({
        "nd4j, libtorch, paper",
        "libtorch, nd4j, paper",
        "nd4j, libtorch, seed",
        "libtorch, nd4j, seed",
    })
    void resumed_onTheOtherEngine_takesTheSameStep(String from, String to, String preset) {
        Settings settings = settings(from, preset);
        CheckpointStore store = CheckpointStore.open(settings.checkpoint());
        Checkpoint checkpoint;
        StepReport expected;
        Tensor image;
        try (BicycleGan model = BicycleGan.fresh(Engines.open(settings.model()), settings)) {
            step(model);
            step(model);
            checkpoint = Checkpoint.open(model.save(store));
            image = translation(model);
            expected = step(model);
        }

        Settings other = settings(to, preset);
        try (BicycleGan model = BicycleGan.resumed(Engines.open(other.model()), other, checkpoint)) {
            Tensor sameImage = translation(model);
            StepReport actual = step(model);

            assertThat(sameImage.data()).usingComparatorWithPrecision(LEVEL).containsExactly(image.data());
            assertThat(actual.losses().l1()).isCloseTo(expected.losses().l1(), within(1e-4));
            assertThat(actual.losses().dVae()).isCloseTo(expected.losses().dVae(), within(1e-3));
            expected.gradientNorms()
                    .forEach((member, norm) -> assertThat(actual.gradientNorms().get(member))
                            .as(member.key())
                            .isCloseTo(norm, within(0.01 * norm)));
        }
    }

    private Settings settings(String engine, String preset) {
        return TestSettings.tiny(
                "model.engine=" + engine,
                "model.preset=" + preset,
                "model.image-size=64",
                "train.ema-decay=0.9",
                "checkpoint.directory=" + folder);
    }

    private static StepReport step(BicycleGan model) {
        return model.train(
                Noise.gaussian(model.inputShape(2), model.step(), "a"),
                Noise.gaussian(model.outputShape(2), model.step(), "b"),
                Offsets.NONE);
    }

    private static Tensor translation(BicycleGan model) {
        return model.translate(
                Noise.gaussian(model.inputShape(2), 7, "a"), Noise.gaussian(model.latentShape(2), 7, "z"));
    }
}
