package dev.tandem.model.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.SettingsException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OpenMpThreadsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"3|3", "9999|9999"})
    void of_number_isTheNumber(String value, int threads) {
        assertThat(threads(value)).isEqualTo(threads);
    }

    @Test
    void of_noNumber_areTheProcessors() {
        int processors = Runtime.getRuntime().availableProcessors();

        assertThat(OpenMpThreads.of(Map.of())).isEqualTo(processors);
        assertThat(threads("")).isEqualTo(processors);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "many", "4,2", "99999", "1.5", " 2 ", " "})
    void of_invalidValue_isRejectedWithRemedy(String value) {
        assertThatThrownBy(() -> threads(value))
                .isInstanceOf(SettingsException.class)
                .hasMessage("the environment variable OMP_NUM_THREADS is '" + value
                        + "'; set it to a number of threads from 1 to 9999, or remove it to use all processors");
    }

    private static int threads(String value) {
        return OpenMpThreads.of(Map.of("OMP_NUM_THREADS", value));
    }
}
