package dev.tandem.pipeline.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TopicSettings;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class TopicLimitsTest {
    private static final TopicSettings SETTINGS =
            SettingsLoader.load(Optional.empty(), List.of()).topics();
    private static final long LARGE = SETTINGS.maxMessageBytes();

    @Test
    void of_topicConfig_readsSizeAndCompaction() {
        assertThat(limits("delete")).isEqualTo(new TopicLimits("pairs", 1000, false));
        assertThat(limits("compact")).isEqualTo(new TopicLimits("pairs", 1000, true));
        assertThat(limits("compact,delete")).isEqualTo(new TopicLimits("pairs", 1000, true));
    }

    @Test
    void rejection_recordTooLarge_namesSizeAndLimit() {
        TopicLimits limits = new TopicLimits("pairs", 1000, false);

        assertThat(limits.rejection(record(new byte[1], 900))).isEmpty();
        assertThat(limits.rejection(record(new byte[1], 1000)).orElseThrow())
                .matches("the record has 10\\d\\d bytes, but the topic pairs accepts at most 1000 .*");
    }

    @Test
    void rejection_compactedTopic_acceptsOnlyRecordsWithKey() {
        TopicLimits limits = new TopicLimits("pairs", 1000, true);

        assertThat(limits.rejection(record(new byte[1], 1))).isEmpty();
        assertThat(limits.rejection(record(null, 1)).orElseThrow()).contains("no key", "compacted");
    }

    @Test
    void problems_compactedOutputsAndSmallTopics_areFound() {
        List<TopicLimits> topics = List.of(
                new TopicLimits("pairs", 1000, false),
                new TopicLimits("sources", LARGE, true),
                new TopicLimits("translations", LARGE, true),
                new TopicLimits("dead-letters", LARGE, true));

        assertThat(TopicProblem.of(SETTINGS, topics))
                .extracting(TopicProblem::topic)
                .containsExactly("pairs", "translations", "dead-letters");
    }

    private static TopicLimits limits(String cleanupPolicy) {
        return TopicLimits.of(
                "pairs",
                new Config(List.of(
                        new ConfigEntry("max.message.bytes", "1000"),
                        new ConfigEntry("cleanup.policy", cleanupPolicy))));
    }

    private static ProducerRecord<byte[], byte[]> record(byte[] key, int size) {
        return new ProducerRecord<>("pairs", key, new byte[size]);
    }
}
