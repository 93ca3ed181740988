package dev.tandem.engine.nd4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.ModelSettings.Device;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
    private static final Settings SETTINGS =
            SettingsLoader.load(Optional.empty(), List.of("model.image-size=32", "model.width=4", "model.device=cpu"));

    @Test
    void bytes_ofAModel_growWithItsFirstStepAndThenNoMore() {
        Engine engine = Engines.open(Device.CPU, OptionalLong.empty());
        BicycleGan model = BicycleGan.fresh(engine, SETTINGS);
        long weights = engine.bytes();

        step(model);
        long first = engine.bytes();
        step(model);

        assertThat(weights).isPositive();
        assertThat(first).isGreaterThan(weights);
        assertThat(engine.bytes()).isEqualTo(first);
        model.close();
        assertThat(engine.bytes()).isZero();
    }

    @Test
    void reserve_moreThanThereMayBe_saysWhatToSet() {
        long enoughForTheWeights;
        try (Engine engine = Engines.open(Device.CPU, OptionalLong.empty())) {
            BicycleGan.fresh(engine, SETTINGS);
            enoughForTheWeights = engine.bytes();
        }
        try (BicycleGan model =
                BicycleGan.fresh(Engines.open(Device.CPU, OptionalLong.of(enoughForTheWeights + 100_000)), SETTINGS)) {
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
