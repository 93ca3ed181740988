package dev.tandem.pipeline.broker;

import dev.tandem.config.KafkaSettings;
import dev.tandem.config.SettingsException;
import dev.tandem.config.TopicSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Sees to it that topics are there. */
public record Topics(KafkaSettings kafka, TopicSettings settings) {

    /**
     * Creates the topics that are missing.
     *
     * @param patience how long to wait for a broker
     * @throws Unreachable if no broker answers in that time
     * @throws SettingsException if topics are missing and may not or cannot be created
     */
    public void ensure(Collection<String> names, Duration patience) {
        await(patience, admin -> admin.ensure(names));
    }

    /**
     * Those that do not exist.
     *
     * @throws Unreachable if no broker answers in that time
     */
    public Set<String> missing(Collection<String> names, Duration patience) {
        Set<String> missing = new TreeSet<>(names);
        missing.removeAll(await(patience, admin -> admin.describe(names)).keySet());
        return missing;
    }

    /**
     * The largest record each of them takes, in bytes; without those that do not exist.
     *
     * @throws Unreachable if no broker answers in that time
     */
    public Map<String, Long> largestRecords(Collection<String> names, Duration patience) {
        Set<String> missing = missing(names, patience);
        List<String> present =
                names.stream().filter(name -> !missing.contains(name)).toList();
        return await(patience, admin -> admin.largestRecords(present));
    }

    /** @throws Unreachable if no broker answers in that time */
    public void requireBroker(Duration patience) {
        await(patience, TopicAdmin::requireBroker);
    }

    private <T> T await(Duration patience, Function<TopicAdmin, CompletionStage<T>> question) {
        try (TopicAdmin admin = new TopicAdmin(kafka, settings, patience)) {
            return question.apply(admin).toCompletableFuture().join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException known ? known : e;
        }
    }
}
