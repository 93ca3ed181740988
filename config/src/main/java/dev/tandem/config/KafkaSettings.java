package dev.tandem.config;

import com.typesafe.config.Config;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Settings of the connection to Kafka.
 *
 * @param bootstrapServers brokers as host:port, comma-separated
 * @param clientProperties everything under {@code tandem.kafka}; passed to every Kafka client
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> clientProperties) {
    private static final String BOOTSTRAP = "bootstrap-servers";
    /** Kafka properties that Tandem sets itself, and the setting that determines each. */
    private static final Map<String, String> RESERVED = Map.of(
            "group.id", "run.group",
            "group.instance.id", "run.instance",
            "transactional.id", "run.instance");

    public KafkaSettings {
        RangeCheck.notBlank("kafka.bootstrap-servers", bootstrapServers);
        clientProperties = Map.copyOf(clientProperties);
        for (Map.Entry<String, String> reserved : RESERVED.entrySet()) {
            if (clientProperties.containsKey(reserved.getKey())) {
                throw new SettingsException(
                        "kafka." + reserved.getKey() + " is not allowed; set " + reserved.getValue() + " instead");
            }
        }
    }

    /**
     * Finds keys that the Kafka clients do not have.
     *
     * @param known all keys of the clients
     * @return each unknown key with the nearest known one
     */
    public Map<String, String> unknown(Set<String> known) {
        Map<String, String> unknown = new TreeMap<>();
        clientProperties.keySet().stream()
                .filter(key -> !known.contains(key))
                .forEach(key -> unknown.put(key, KnownKeys.nearest(key, known)));
        return unknown;
    }

    /** Lists keys without their values, because values can be passwords. */
    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrapServers + ", " + new TreeSet<>(clientProperties.keySet()) + "]";
    }

    static KafkaSettings from(Config tandem) {
        SettingsSection kafka = SettingsSection.of(tandem, "kafka");
        String servers = kafka.text(BOOTSTRAP);
        Map<String, String> properties = new HashMap<>(KnownKeys.flatten(kafka.config()));
        properties.remove(BOOTSTRAP);
        properties.put("bootstrap.servers", servers);
        return new KafkaSettings(servers, properties);
    }
}
