package dev.tandem.config;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * The names of the four topics, and settings to create and check them.
 *
 * @param pairs topic of the training pairs
 * @param sources topic of the images to translate
 * @param translations topic of the translations
 * @param deadLetters topic of the records that could not be processed
 * @param createMissing whether missing topics are created at start
 * @param partitions partitions of a created topic
 * @param replicationFactor replicas of a created topic
 * @param maxMessageBytes maximum size of a record in a created topic
 * @param adminTimeout timeout for a broker's answer
 * @param watchEvery interval of the broker checks
 */
public record TopicSettings(
        String pairs,
        String sources,
        String translations,
        String deadLetters,
        boolean createMissing,
        int partitions,
        int replicationFactor,
        long maxMessageBytes,
        Duration adminTimeout,
        Duration watchEvery) {

    public TopicSettings {
        RangeCheck.notBlank("topics.pairs", pairs);
        RangeCheck.notBlank("topics.sources", sources);
        RangeCheck.notBlank("topics.translations", translations);
        RangeCheck.notBlank("topics.dead-letters", deadLetters);
        List<String> names = List.of(pairs, sources, translations, deadLetters);
        RangeCheck.require(Set.copyOf(names).size() == names.size(), "topics", names, "four different names");
        RangeCheck.range("topics.partitions", partitions, 1, 1000);
        RangeCheck.range("topics.replication-factor", replicationFactor, 1, 9);
        RangeCheck.range("topics.max-message-bytes", maxMessageBytes, 64L << 10, 512L << 20);
        RangeCheck.range("topics.admin-timeout", adminTimeout, Duration.ofSeconds(1), Duration.ofMinutes(10));
        RangeCheck.range("topics.watch-every", watchEvery, Duration.ofMillis(100), Duration.ofMinutes(10));
    }

    static TopicSettings from(Config tandem) {
        SettingsSection topics = SettingsSection.of(tandem, "topics");
        return new TopicSettings(
                topics.text("pairs"),
                topics.text("sources"),
                topics.text("translations"),
                topics.text("dead-letters"),
                topics.flag("create-missing"),
                topics.integer("partitions"),
                topics.integer("replication-factor"),
                topics.bytes("max-message-bytes"),
                topics.duration("admin-timeout"),
                topics.duration("watch-every"));
    }
}
