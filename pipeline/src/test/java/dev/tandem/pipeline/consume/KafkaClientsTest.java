package dev.tandem.pipeline.consume;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

class KafkaClientsTest {

    /** NewTopicIT tests the consequence, but the race that it looks for does not occur in every run. */
    @Test
    void producerProperties_byDefault_allowOneRequestInFlight() {
        assertThat(properties()).containsEntry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "1");
    }

    @Test
    void producerProperties_setByUser_areNotOverridden() {
        assertThat(properties("kafka.max.in.flight.requests.per.connection=3", "kafka.acks=1"))
                .containsEntry(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, "3")
                .containsEntry(ProducerConfig.ACKS_CONFIG, "1");
    }

    private static Map<String, String> properties(String... assignments) {
        Settings settings = SettingsLoader.load(Optional.empty(), List.of(assignments));
        return KafkaClients.producerProperties(settings.kafka(), settings.topics());
    }
}
