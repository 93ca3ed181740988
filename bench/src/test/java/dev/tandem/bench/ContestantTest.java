package dev.tandem.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Device;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContestantTest {

    /** The settings of a checkpoint have no device, and the default could be a GPU. */
    @Test
    void onCpu_settingsOfACheckpoint_useTheCpuAndKeepTheModel() {
        Settings given = SettingsLoader.load(
                Optional.empty(), List.of("model.preset=seed", "model.width=4", "model.device=cpu"));
        Settings saved = Settings.ofProvenance(given.provenance());
        assertThat(saved.model().compute().device()).isNotEqualTo(Device.CPU);

        Settings settings = Contestant.onCpu(saved, "model");

        assertThat(settings.model().compute().device()).isEqualTo(Device.CPU);
        assertThat(settings.provenance()).isEqualTo(given.provenance());
    }
}
