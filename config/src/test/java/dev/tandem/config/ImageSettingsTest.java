package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.ImageSettings.Filter;
import dev.tandem.config.ImageSettings.Fit;
import dev.tandem.config.ImageSettings.Scaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSettingsTest {
    @Test
    void depth_isAutoUnlessItIsSet() {
        assertThat(depth("auto")).isEqualTo(OptionalInt.empty());
        assertThat(depth("12")).isEqualTo(OptionalInt.of(12));
        assertThat(load().images().depth()).isEqualTo(OptionalInt.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "17", "twelve"})
    void depth_otherValue_isRejectedByName(String value) {
        assertThatThrownBy(() -> depth(value))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("images.depth");
    }

    @Test
    void decodeParallelism_isTheNumberOfCoresUnlessItIsSet() {
        int cores = Runtime.getRuntime().availableProcessors();

        assertThat(load().images().decodeParallelism()).isEqualTo(cores);
        assertThat(load("images.decode-parallelism=auto").images().decodeParallelism())
                .isEqualTo(cores);
        assertThat(load("images.decode-parallelism=3").images().decodeParallelism())
                .isEqualTo(3);
    }

    @Test
    void load_imagesResize_holdsForAAndBUnlessTheyHaveTheirOwn() {
        assertThat(load().images().scaling()).isEqualTo(new Scaling(Fit.STRETCH, Filter.BICUBIC, Filter.BICUBIC));
        assertThat(load("images.resize=nearest", "images.fit=pad").images().scaling())
                .isEqualTo(new Scaling(Fit.PAD, Filter.NEAREST, Filter.NEAREST));
        assertThat(load("images.resize=nearest", "images.resize-b=bicubic")
                        .images()
                        .scaling())
                .isEqualTo(new Scaling(Fit.STRETCH, Filter.NEAREST, Filter.BICUBIC));
        assertThat(load("images.resize-a=NEAREST", "images.fit=crop").images().scaling())
                .isEqualTo(new Scaling(Fit.CROP, Filter.NEAREST, Filter.BICUBIC));
    }

    @Test
    void load_imagesResizeInASettingsFile_holdsForAAndBAndIsShownResolved(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("nearest.conf"), "tandem.images.resize = nearest");

        assertThat(SettingsLoader.load(Optional.of(file), List.of()).images().scaling())
                .isEqualTo(new Scaling(Fit.STRETCH, Filter.NEAREST, Filter.NEAREST));
        assertThat(SettingsLoader.load(Optional.of(file), List.of("images.resize-a=bicubic"))
                        .images()
                        .scaling())
                .isEqualTo(new Scaling(Fit.STRETCH, Filter.BICUBIC, Filter.NEAREST));
        assertThat(RedactedSettings.of(SettingsLoader.resolve(Optional.of(file), List.of()), Set.of()))
                .containsEntry("images.resize-a", "nearest")
                .containsEntry("images.resize-b", "nearest");
    }

    @Test
    void ofProvenance_givenConfiguration_takesOnlyItsImagesEngineAndDevice() {
        Settings trained = load("model.width=8", "train.seed=3");
        List<String> given = List.of(
                "model.width=16",
                "model.device=cpu",
                "translate.engine=model",
                "translate.samples=2",
                "images.resize=nearest",
                "images.min-side=4");

        Settings settings =
                Settings.ofProvenance(trained.provenance(), SettingsLoader.resolve(Optional.empty(), given));

        assertThat(settings.images())
                .isEqualTo(load(given.toArray(String[]::new)).images());
        assertThat(settings.images().scaling().b()).isEqualTo(Filter.NEAREST);
        assertThat(settings.model().compute().device()).isEqualTo(Device.CPU);
        assertThat(settings.translate().engine()).isEqualTo(TranslateSettings.Engine.MODEL);
        assertThat(settings.translate().samples()).isEqualTo(trained.translate().samples());
        assertThat(settings.model().width()).isEqualTo(8);
        assertThat(settings.train().seed()).isEqualTo(3);
    }

    @Test
    void ofProvenance_withoutConfiguration_restoresHowImagesAreRead() {
        Settings trained = load("images.fit=pad", "images.resize-a=nearest", "images.depth=12");

        ImageSettings restored = Settings.ofProvenance(trained.provenance()).images();

        assertThat(restored.scaling()).isEqualTo(trained.images().scaling());
        assertThat(restored.depth()).hasValue(12);
    }

    private static Settings load(String... assignments) {
        return SettingsLoader.load(Optional.empty(), List.of(assignments));
    }

    private static OptionalInt depth(String value) {
        return load("images.depth=" + value).images().depth();
    }
}
