package dev.tandem.config;

import com.typesafe.config.Config;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How to reach Kafka.
 *
 * @param clientProperties everything under {@code tandem.kafka}, as handed to every Kafka client
 */
public record KafkaSettings(String bootstrapServers, Map<String, String> clientProperties) {
    private static final String BOOTSTRAP = "bootstrap-servers";
    /** What is not a client's alone to say, and what says it. */
    private static final Map<String, String> OWN = Map.of(
            "group.id", "run.group",
            "group.instance.id", "run.instance",
            "transactional.id", "run.instance");

    public KafkaSettings {
        RangeCheck.notBlank("kafka.bootstrap-servers", bootstrapServers);
        clientProperties = Map.copyOf(clientProperties);
        for (String key : OWN.keySet()) {
            RangeCheck.require(
                    !clientProperties.containsKey(key), "kafka." + key, "given", "left out; set " + OWN.get(key));
        }
    }

    /**
     * Keys that Kafka's clients do not have, each with the nearest one they have.
     *
     * @param known the clients' keys
     */
    public Map<String, String> unknown(Set<String> known) {
        Map<String, String> unknown = new TreeMap<>();
        clientProperties.keySet().stream()
                .filter(key -> !known.contains(key))
                .forEach(key -> unknown.put(key, KnownKeys.nearest(key, known)));
        return unknown;
    }

    /** Without the values: passwords are among them. */
    @Override
    public String toString() {
        return "KafkaSettings[" + bootstrapServers + ", " + new TreeSet<>(clientProperties.keySet()) + "]";
    }

    static KafkaSettings from(Config tandem) {
        SettingsSection kafka = SettingsSection.of(tandem, "kafka");
        String servers = kafka.text(BOOTSTRAP);
        Map<String, String> properties = new HashMap<>(KnownKeys.flat(kafka.config()));
        properties.remove(BOOTSTRAP);
        properties.put("bootstrap.servers", servers);
        return new KafkaSettings(servers, properties);
    }
}
