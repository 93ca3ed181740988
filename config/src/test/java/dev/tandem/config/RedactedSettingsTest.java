package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RedactedSettingsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "kafka.sasl.jaas.config",
                "kafka.ssl.truststore.password",
                "kafka.ssl.key.password",
                "kafka.ssl.keystore.key",
                "kafka.sasl.oauthbearer.client.credentials.client.secret",
                "kafka.basic.auth.credentials.source"
            })
    void of_secretValue_isHidden(String key) {
        Map<String, String> settings =
                RedactedSettings.of(SettingsLoader.resolve(Optional.empty(), List.of(key + "=secret-value")));

        assertThat(settings).containsEntry(key, "(hidden)").doesNotContainValue("secret-value");
    }

    @Test
    void of_otherValue_isShown() {
        Map<String, String> settings = RedactedSettings.of(SettingsLoader.resolve(
                Optional.empty(), List.of("kafka.security.protocol=SSL", "train.batch-size=16")));

        assertThat(settings)
                .containsEntry("kafka.security.protocol", "SSL")
                .containsEntry("train.batch-size", "16")
                .containsEntry("model.preset", "paper");
    }
}
