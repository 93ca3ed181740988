package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeviceTest {

    @ParameterizedTest
    @ValueSource(strings = {"auto", "cpu", "cuda", "cuda:0", "cuda:12"})
    void parse_validText_givesADeviceWithThatName(String text) {
        assertThat(Device.parse(text)).hasToString(text);
    }

    @Test
    void parse_upperCase_isTheSame() {
        assertThat(Device.parse(" CUDA:1 ")).isEqualTo(Device.cuda(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gpu", "cuda:", "cuda:-1", "cuda:1,2", "cuda:99999", "cpu:0"})
    void parse_invalidText_namesTheAllowedValues(String text) {
        assertThatThrownBy(() -> Device.parse(text))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("model.device is \"" + text + "\"")
                .hasMessageContaining("auto, cpu, cuda or cuda:N");
    }
}
