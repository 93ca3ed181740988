package dev.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.Config;
import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.ModelSettings;
import dev.tandem.config.ModelSettings.Norm;
import dev.tandem.config.ModelSettings.Padding;
import dev.tandem.config.ModelSettings.Preset;
import dev.tandem.config.ModelSettings.Upsample;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.Checkpoint.PastPairs;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.TestCheckpoints;
import dev.tandem.model.conformance.CheckpointFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResumedNetworksTest {
    @TempDir
    private Path folder;

    @Test
    void resolve_noCheckpoint_isTheGivenConfiguration() {
        assertThat(resolve("model.width=8"))
                .isEqualTo(SettingsLoader.resolve(Optional.empty(), given("model.width=8")));
    }

    @Test
    void resolve_presetPaper_hasItsNetworksAndTheTrainingOfItsPreset() {
        save("model.preset=paper", "train.learning-rate=0.5");

        Settings resumed = SettingsLoader.settings(resolve());

        assertThat(resumed.model().preset()).isEqualTo(Preset.PAPER);
        assertThat(resumed.model().width()).isEqualTo(4);
        assertThat(resumed.model().generator().upsample()).isEqualTo(Upsample.BASIC);
        assertThat(resumed.train().learningRate())
                .as("of preset paper, not of the checkpoint")
                .isEqualTo(2e-4);
        NetworkCompatibility.require(resumed, newest());
    }

    @Test
    void resolve_givenSettings_winOverTheCheckpoint() {
        save("model.preset=paper");

        Settings resumed = SettingsLoader.settings(resolve("model.width=8", "model.generator.upsample=bilinear"));

        assertThat(resumed.model().width()).isEqualTo(8);
        assertThat(resumed.model().generator().upsample()).isEqualTo(Upsample.BILINEAR);
        assertThat(resumed.model().imageSize().toString()).isEqualTo("32");
    }

    @Test
    void resolve_anotherPresetIsGiven_takesNothingFromTheCheckpoint() {
        save("model.preset=paper");

        assertThat(resolve("model.preset=seed"))
                .isEqualTo(SettingsLoader.resolve(Optional.empty(), given("model.preset=seed")));
    }

    @Test
    void resolve_newestStateIsDamaged_usesTheOneBeforeIt() throws IOException {
        save("model.preset=paper");
        Path damaged = Files.createDirectories(folder.resolve("step-0000000009"));
        Files.writeString(damaged.resolve("state.json"), "{");

        assertThat(SettingsLoader.settings(resolve()).model().width()).isEqualTo(4);
    }

    /** A setting that did not exist when the checkpoint was written has the value that it had in effect. */
    @ParameterizedTest
    @CsvSource({
        "paper, encoder.norm|discriminator.norm|generator.padding|generator.depth",
        "tandem, discriminator.norm|generator.padding"
    })
    void resolve_checkpointOfAnOlderVersion_hasTheNetworksOfThatVersion(String preset, String newKeys)
            throws IOException {
        save("model.preset=" + preset, "model.generator.padding=zero", "model.discriminator.norm=instance");
        Path state = newest().folder().resolve("state.json");
        Files.writeString(
                state, Files.readString(state).replaceAll("\\s*\"model.(" + newKeys + ")\" : \"[^\"]*\",", ""));
        CheckpointFiles.updateChecksum(state.getParent(), "state.json");

        ModelSettings resumed = SettingsLoader.settings(resolve()).model();

        assertThat(Files.readString(state)).doesNotContain("padding", "discriminator.norm");
        assertThat(resumed.preset()).isEqualTo(Preset.valueOf(preset.toUpperCase(Locale.ROOT)));
        assertThat(resumed.generator().padding()).isEqualTo(Padding.ZERO);
        assertThat(resumed.discriminator().norm()).isEqualTo(Norm.INSTANCE);
        assertThat(Settings.ofProvenance(newest().settings()).model()).isEqualTo(resumed);
    }

    private Config resolve(String... assignments) {
        return ResumedNetworks.resolve(Optional.empty(), given(assignments));
    }

    private List<String> given(String... assignments) {
        return Stream.concat(Stream.of("checkpoint.directory=" + folder), Stream.of(assignments))
                .toList();
    }

    private void save(String... assignments) {
        Settings settings = TestSettings.tiny(assignments);
        Checkpoint.save(
                CheckpointStore.open(new CheckpointSettings(folder, 1, 3)),
                TestCheckpoints.content(settings, PastPairs.NONE));
    }

    private Checkpoint newest() {
        return CheckpointStore.openReadOnly(folder).newestValid().orElseThrow();
    }
}
