package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSettingsTest {
    @Test
    void depth_isAutoUnlessItIsSet() {
        assertThat(depth("auto")).isEqualTo(OptionalInt.empty());
        assertThat(depth("12")).isEqualTo(OptionalInt.of(12));
        assertThat(SettingsLoader.load(Optional.empty(), List.of()).images().depth())
                .isEqualTo(OptionalInt.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"8", "17", "twelve"})
    void depth_otherValue_isRejectedByName(String value) {
        assertThatThrownBy(() -> depth(value))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("images.depth");
    }

    private static OptionalInt depth(String value) {
        return SettingsLoader.load(Optional.empty(), List.of("images.depth=" + value))
                .images()
                .depth();
    }
}
