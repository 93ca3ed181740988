package dev.tandem.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceOptionsTest {

    @Test
    void threads_openMpVariable_isUsed() {
        assertThat(DeviceOptions.threads(Optional.of("3"))).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "many", "4,2", "99999"})
    void threads_invalidVariable_areTheProcessors(String value) {
        assertThat(DeviceOptions.threads(Optional.of(value)))
                .isEqualTo(DeviceOptions.threads(Optional.empty()))
                .isEqualTo(Runtime.getRuntime().availableProcessors());
    }
}
