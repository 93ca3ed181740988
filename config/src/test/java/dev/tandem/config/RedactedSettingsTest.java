package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactedSettingsTest {
    private static final String SECRET = "hunter2";
    private static final Set<String> KAFKA_KEYS = Set.of(
            "security.protocol",
            "client.id",
            "sasl.jaas.config",
            "ssl.truststore.password",
            "ssl.key.password",
            "ssl.keystore.key",
            "ssl.keystore.certificate.chain",
            "sasl.oauthbearer.token.endpoint.url",
            "sasl.oauthbearer.client.credentials.client.secret");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sasl.jaas.config",
                "ssl.truststore.password",
                "ssl.key.password",
                "ssl.keystore.key",
                "ssl.keystore.certificate.chain",
                "sasl.oauthbearer.token.endpoint.url",
                "sasl.oauthbearer.client.credentials.client.secret",
                "basic.auth.user.info",
                "schema.registry.url",
                "my.plugin.x",
                "SSL.KEY.PASSWORD",
                "confluent.apiKey"
            })
    void of_kafkaKeyWithASecretOrUnknown_isHidden(String key) {
        Map<String, String> settings = settings("kafka." + key + "=" + SECRET);

        assertThat(settings).containsEntry("kafka." + key, "(hidden)");
        assertThat(settings.toString()).doesNotContain(SECRET);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "https://user:hunter2@registry:8081/x | https://(hidden)@registry:8081/x",
                "https://user:p/hunter2@1@registry | https://(hidden)@registry",
                "s3+x://hunter2@bucket | s3+x://(hidden)@bucket",
                "user:hunter2@broker:9092 | (hidden)@broker:9092",
                "a:1,user:hunter2@b:2 | a:1,(hidden)@b:2",
                "http://a,http://user:hunter2@b | http://(hidden)@b",
                "module required password=hunter2 debug=true; | module required password=(hidden) debug=true;",
                "module Password : hunter2, x=1 | module Password : (hidden), x=1",
                "http://h/?a=1&client_secret=hunter2&b=2 | http://h/?a=1&client_secret=(hidden)&b=2",
                "{'access-key': 'hunter2'} | {'access-key': (hidden)}",
                "-----BEGIN PRIVATE KEY----- hunter2 | (hidden)"
            },
            quoteCharacter = '~')
    void of_secretInsideAText_isHidden(String text, String expected) {
        assertThat(settings("kafka.client.id=" + text)).containsEntry("kafka.client.id", expected);
        assertThat(settings("kafka.bootstrap-servers=" + text)).containsEntry("kafka.bootstrap-servers", expected);
        assertThat(settings("checkpoint.directory=" + text)).containsEntry("checkpoint.directory", expected);
    }

    @Test
    void of_secretInsideListsAndObjects_isHidden() {
        Map<String, String> settings = RedactedSettings.of(ConfigFactory.parseString("""
                        tandem.kafka.client.id = ["https://u:hunter2@a", {nested = [{password = hunter2}]}]
                        tandem.kafka.other { deep { list = [hunter2], "dotted.key" = hunter2 } }
                        """), KAFKA_KEYS);

        assertThat(settings)
                .containsEntry("kafka.client.id", "[https://(hidden)@a, {nested=[{password=(hidden)}]}]")
                .containsEntry("kafka.other.deep.list", "(hidden)")
                .containsEntry("kafka.other.deep.dotted.key", "(hidden)");
    }

    @Test
    void of_otherValue_isShown() {
        Map<String, String> settings = settings(
                "kafka.security.protocol=SSL",
                "kafka.client.id=tandem-1",
                "kafka.bootstrap-servers=a:9092,b:9092",
                "train.batch-size=16",
                "http.token-file=/run/secrets/token");

        assertThat(settings)
                .containsEntry("kafka.security.protocol", "SSL")
                .containsEntry("kafka.client.id", "tandem-1")
                .containsEntry("kafka.bootstrap-servers", "a:9092,b:9092")
                .containsEntry("train.batch-size", "16")
                .containsEntry("http.token-file", "/run/secrets/token")
                .containsEntry("model.preset", "tandem");
    }

    private static Map<String, String> settings(String... assignments) {
        return RedactedSettings.of(SettingsLoader.resolve(Optional.empty(), List.of(assignments)), KAFKA_KEYS);
    }
}
