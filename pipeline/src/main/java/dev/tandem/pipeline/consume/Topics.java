package dev.tandem.pipeline.consume;

import dev.tandem.config.KafkaSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TopicSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that topics are there. */
public final class Topics {
    private static final Logger LOG = LoggerFactory.getLogger(Topics.class);

    private final KafkaSettings kafka;
    private final TopicSettings settings;

    public Topics(KafkaSettings kafka, TopicSettings settings) {
        this.kafka = kafka;
        this.settings = settings;
    }

    /** No broker answered in time; asking again later may help. */
    public static final class Unreachable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreachable(String bootstrapServers, Throwable cause) {
            super("no Kafka broker answers at " + bootstrapServers, cause);
        }
    }

    /**
     * Creates the topics that are missing.
     *
     * @param patience how long to wait for a broker; its client tries again with back-off all the while
     * @throws Unreachable if no broker answers in that time
     * @throws SettingsException if topics are missing and may not or cannot be created
     */
    public void ensure(Collection<String> names, Duration patience) {
        try (Admin admin = Admin.create(properties(patience))) {
            Set<String> missing = new TreeSet<>(names);
            missing.removeAll(admin.listTopics().names().get());
            if (!missing.isEmpty()) {
                create(admin, missing);
            }
        } catch (ExecutionException e) {
            throw translated(e.getCause());
        } catch (KafkaException e) {
            throw translated(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Unreachable(kafka.bootstrapServers(), e);
        }
    }

    /** @throws Unreachable if no broker answers in that time */
    public void requireBroker(Duration patience) {
        ensure(List.of(), patience);
    }

    private void create(Admin admin, Set<String> missing) throws ExecutionException, InterruptedException {
        if (!settings.createMissing()) {
            throw new SettingsException("the topics " + missing + " do not exist at " + kafka.bootstrapServers()
                    + "; create them, or set topics.create-missing=true");
        }
        List<NewTopic> topics = missing.stream().map(this::newTopic).toList();
        try {
            admin.createTopics(topics).all().get();
            LOG.info("created the topics {}", missing);
        } catch (ExecutionException e) {
            // Another member may have been quicker.
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private NewTopic newTopic(String name) {
        return new NewTopic(name, settings.partitions(), (short) settings.replicationFactor())
                .configs(Map.of(TopicConfig.MAX_MESSAGE_BYTES_CONFIG, Long.toString(settings.maxMessageBytes())));
    }

    private Map<String, Object> properties(Duration patience) {
        Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
        properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, Long.toString(patience.toMillis()));
        properties.put(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
                Long.toString(settings.adminTimeout().toMillis()));
        return properties;
    }

    private RuntimeException translated(Throwable cause) {
        return cause instanceof RetriableException
                ? new Unreachable(kafka.bootstrapServers(), cause)
                : new SettingsException("Kafka at " + kafka.bootstrapServers() + " refuses: " + cause.getMessage());
    }
}
