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
    void of_secret_isHidden(String key) {
        Map<String, String> shown =
                RedactedSettings.of(SettingsLoader.resolve(Optional.empty(), List.of(key + "=hush")));

        assertThat(shown).containsEntry(key, "(hidden)").doesNotContainValue("hush");
    }

    @Test
    void of_everythingElse_isShown() {
        Map<String, String> shown = RedactedSettings.of(SettingsLoader.resolve(
                Optional.empty(), List.of("kafka.security.protocol=SSL", "train.batch-size=16")));

        assertThat(shown)
                .containsEntry("kafka.security.protocol", "SSL")
                .containsEntry("train.batch-size", "16")
                .containsEntry("model.preset", "paper");
    }
}
