package dev.tandem.pipeline.broker;

import dev.tandem.config.TopicSettings;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/**
 * A setting of a topic that does not fit the settings of the run.
 *
 * @param found the setting and its consequence, after the name of the topic
 * @param fix what the user can do
 */
public record TopicProblem(String topic, String found, String fix) {

    /** Finds the problems of topics. */
    public static List<TopicProblem> of(TopicSettings settings, Collection<TopicLimits> topics) {
        return topics.stream()
                .flatMap(topic -> Stream.concat(tooSmall(settings, topic), compacted(settings, topic)))
                .toList();
    }

    private static Stream<TopicProblem> tooSmall(TopicSettings settings, TopicLimits topic) {
        return topic.maxRecordBytes() >= settings.maxMessageBytes()
                ? Stream.empty()
                : Stream.of(new TopicProblem(
                        topic.topic(),
                        "accepts records of up to " + topic.maxRecordBytes() + " bytes",
                        "raise its max.message.bytes to " + settings.maxMessageBytes()
                                + " (topics.max-message-bytes), or lower that setting"));
    }

    private static Stream<TopicProblem> compacted(TopicSettings settings, TopicLimits topic) {
        if (!topic.compacted()) {
            return Stream.empty();
        }
        String fix = "set its cleanup.policy to delete";
        if (topic.topic().equals(settings.translations())) {
            String found = "is compacted: requests without a key become dead letters, and of the translations with the"
                    + " same key only the last is kept";
            return Stream.of(new TopicProblem(topic.topic(), found, fix));
        }
        String found = "is compacted: of the dead letters with the same key only the last is kept";
        return topic.topic().equals(settings.deadLetters())
                ? Stream.of(new TopicProblem(topic.topic(), found, fix))
                : Stream.empty();
    }
}
