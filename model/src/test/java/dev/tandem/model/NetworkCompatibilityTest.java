package dev.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NetworkCompatibilityTest {

    @Test
    void assignments_anotherPreset_areThePresetAndTheKeysThatDifferFromIt() {
        Settings defaults = SettingsLoader.load(Optional.empty(), List.of());
        Settings target = SettingsLoader.load(Optional.empty(), List.of("model.preset=seed", "model.width=8"));

        assertThat(NetworkCompatibility.assignments(defaults, target))
                .containsExactly("model.preset=seed", "model.width=8");
        assertThat(NetworkCompatibility.assignments(target, target)).isEmpty();
    }
}
