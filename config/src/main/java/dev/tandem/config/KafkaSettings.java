package dev.tandem.config;

import com.typesafe.config.Config;
import java.util.HashMap;
import java.util.Map;

/**
 * How to reach Kafka.
 *
 * @param clientProperties everything under {@code tandem.kafka}, as handed to every Kafka client
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> clientProperties) {
    private static final String BOOTSTRAP = "bootstrap-servers";

    public KafkaSettings {
        Check.notBlank("kafka.bootstrap-servers", bootstrapServers);
        clientProperties = Map.copyOf(clientProperties);
    }

    static KafkaSettings from(Config tandem) {
        Section kafka = Section.of(tandem, "kafka");
        String servers = kafka.text(BOOTSTRAP);
        Map<String, String> properties = new HashMap<>(Keys.flat(kafka.config()));
        properties.remove(BOOTSTRAP);
        properties.put("bootstrap.servers", servers);
        return new KafkaSettings(servers, properties);
    }
}
