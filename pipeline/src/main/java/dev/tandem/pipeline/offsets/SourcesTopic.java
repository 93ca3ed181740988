package dev.tandem.pipeline.offsets;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.clients.admin.TopicDescription;

/**
 * The topic of requests at the start of the streams.
 *
 * @param id the broker's topic id: a topic that is deleted and created again has another one
 * @param partitions number of partitions
 */
public record SourcesTopic(String name, String id, int partitions) {
    private static final Pattern METADATA = Pattern.compile("partitions=(\\d{1,9})");

    public static SourcesTopic of(TopicDescription topic) {
        return new SourcesTopic(
                topic.name(), topic.topicId().toString(), topic.partitions().size());
    }

    /** Returns the metadata of committed offsets: the number of partitions that the group has seen. */
    public String offsetMetadata() {
        return "partitions=" + partitions;
    }

    /** Returns the number of partitions at the time of a commit; empty: another program committed the offset. */
    static OptionalInt partitionsAtCommit(String offsetMetadata) {
        Matcher matcher = METADATA.matcher(offsetMetadata);
        return matcher.matches() ? OptionalInt.of(Integer.parseInt(matcher.group(1))) : OptionalInt.empty();
    }
}
