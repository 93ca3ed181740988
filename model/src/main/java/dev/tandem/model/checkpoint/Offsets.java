package dev.tandem.model.checkpoint;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The next offset of each partition: the model has seen every record before it.
 *
 * @param next next offset by partition
 * @param topics topic ids by topic name. The broker assigns an id when a topic is created, so a topic that was deleted
 *     and created again has another id, and its offsets start again. A name without an id matches every topic of that
 *     name.
 */
public record Offsets(Map<Partition, Long> next, Map<String, String> topics) {
    public static final Offsets NONE = new Offsets(Map.of());

    /** A partition of a topic; its text form is {@code topic-partition}. */
    public record Partition(String topic, int number) implements Comparable<Partition> {
        private static final Pattern TEXT = Pattern.compile("(.+)-(\\d{1,9})", Pattern.DOTALL);

        /** @throws IllegalArgumentException if the text does not name a partition */
        public static Partition parse(String text) {
            Matcher matcher = TEXT.matcher(text);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("partition is \"" + text + "\" instead of TOPIC-NUMBER");
            }
            return new Partition(matcher.group(1), Integer.parseInt(matcher.group(2)));
        }

        @Override
        public int compareTo(Partition other) {
            int byTopic = topic.compareTo(other.topic);
            return byTopic != 0 ? byTopic : Integer.compare(number, other.number);
        }

        @Override
        public String toString() {
            return topic + "-" + number;
        }
    }

    public Offsets {
        next = Map.copyOf(next);
        topics = Map.copyOf(topics);
    }

    public Offsets(Map<Partition, Long> next) {
        this(next, Map.of());
    }

    /** The next offset of a partition; empty if none is known. */
    public OptionalLong of(Partition partition) {
        return next.containsKey(partition) ? OptionalLong.of(next.get(partition)) : OptionalLong.empty();
    }

    /**
     * Merges two sets of offsets: per partition the later offset. Offsets of a topic whose id differs in {@code other}
     * are taken from {@code other} only.
     */
    public Offsets advancedTo(Offsets other) {
        Offsets valid = within(other.topics);
        Map<Partition, Long> merged = new TreeMap<>(valid.next);
        other.next.forEach((partition, offset) -> merged.merge(partition, offset, Math::max));
        return new Offsets(merged, valid.topics);
    }

    /**
     * Removes the offsets of topics that were deleted and created again, and adopts the current topic ids.
     *
     * @param currentIds topic ids by topic name
     */
    public Offsets within(Map<String, String> currentIds) {
        Map<Partition, Long> valid = new TreeMap<>(next);
        valid.keySet().removeIf(partition -> isRecreated(partition.topic(), currentIds));
        Map<String, String> ids = new TreeMap<>(topics);
        ids.putAll(currentIds);
        return new Offsets(valid, ids);
    }

    private boolean isRecreated(String topic, Map<String, String> currentIds) {
        return topics.containsKey(topic)
                && currentIds.containsKey(topic)
                && !topics.get(topic).equals(currentIds.get(topic));
    }
}
