package dev.tandem.model.checkpoint;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

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
        public static Partition parse(String text) {
            int dash = text.lastIndexOf('-');
            return new Partition(text.substring(0, dash), Integer.parseInt(text.substring(dash + 1)));
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
