package dev.tandem.pipeline.broker;

import dev.tandem.config.KafkaSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TopicSettings;
import dev.tandem.pipeline.consume.BrokerUnreachable;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.kafka.clients.admin.TopicDescription;

/** Blocking queries about topics, and their creation. */
public record Topics(KafkaSettings kafka, TopicSettings settings) {

    /**
     * Creates the topics that do not exist.
     *
     * @throws BrokerUnreachable if no broker answers within the timeout
     * @throws SettingsException if topics are missing and the settings or the broker forbid their creation
     */
    public void ensure(Collection<String> names, Duration timeout) {
        await(timeout, admin -> admin.ensure(names));
    }

    /**
     * Returns the topics that do not exist.
     *
     * @throws BrokerUnreachable if no broker answers within the timeout
     */
    public Set<String> missing(Collection<String> names, Duration timeout) {
        Set<String> missing = new TreeSet<>(names);
        missing.removeAll(await(
                        timeout,
                        admin -> admin.requireBroker().thenCombine(admin.describe(names), (ok, found) -> found))
                .keySet());
        return missing;
    }

    /**
     * Describes the topics that exist, by name.
     *
     * @throws BrokerUnreachable if no broker answers within the timeout
     */
    public Map<String, TopicDescription> describe(Collection<String> names, Duration timeout) {
        return await(timeout, admin -> admin.describe(names));
    }

    /**
     * Returns the limits of each topic by name, without topics that do not exist.
     *
     * @throws BrokerUnreachable if no broker answers within the timeout
     */
    public Map<String, TopicLimits> limits(Collection<String> names, Duration timeout) {
        return await(timeout, admin -> admin.limits(names));
    }

    private <T> T await(Duration timeout, Function<TopicAdmin, CompletionStage<T>> query) {
        try (TopicAdmin admin = new TopicAdmin(kafka, settings, timeout)) {
            return query.apply(admin).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }
}
