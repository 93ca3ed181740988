package dev.tandem.pipeline.offsets;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;

/**
 * The topic of requests at the start of the streams.
 *
 * @param id the broker's topic id: a topic that is deleted and created again has another one
 * @param partitions number of partitions
 */
public record SourcesTopic(String name, String id, int partitions) {
    private static final Pattern METADATA = Pattern.compile("partitions=(\\d{1,9}),topic=(\\S+)");

    public static SourcesTopic of(TopicDescription topic) {
        return new SourcesTopic(
                topic.name(), topic.topicId().toString(), topic.partitions().size());
    }

    /** Returns the metadata of committed offsets, from which a later run sees what has changed since. */
    public String offsetMetadata() {
        return "partitions=" + partitions + ",topic=" + id;
    }

    /** Returns this topic as it was at the time of a commit; empty: another program committed the offset. */
    Optional<SourcesTopic> atCommit(OffsetAndMetadata committed) {
        Matcher matcher = METADATA.matcher(committed.metadata());
        return matcher.matches()
                ? Optional.of(new SourcesTopic(name, matcher.group(2), Integer.parseInt(matcher.group(1))))
                : Optional.empty();
    }
}
