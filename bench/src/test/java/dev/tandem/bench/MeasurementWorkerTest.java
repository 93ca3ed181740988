package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.BicycleGan;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MeasurementWorkerTest {

    /** A model that trains also holds discriminators, gradients and Adam's moments. */
    @Test
    void open_modelThatOnlyTranslates_holdsLessThanOneThatTrains() {
        Settings settings = SettingsLoader.load(
                Optional.empty(), List.of("model.image-size=32", "model.width=4", "model.device=cpu"));

        assertThat(usedMemory(false, settings)).isPositive().isLessThan(usedMemory(true, settings) / 3);
    }

    private static long usedMemory(boolean trains, Settings settings) {
        try (BicycleGan model = MeasurementWorker.open(trains, settings)) {
            return model.memory().used();
        }
    }
}
