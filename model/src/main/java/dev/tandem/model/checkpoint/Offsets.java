package dev.tandem.model.checkpoint;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * The next record to read of each partition: what a model has seen is everything before.
 *
 * @param topics which topic each name stood for, by the id the broker gave it when it was made: a topic that is deleted
 *     and made anew has offsets of its own. A name without an id stands for any.
 */
public record Offsets(Map<Partition, Long> next, Map<String, String> topics) {
    public static final Offsets NONE = new Offsets(Map.of());

    /** One partition of a topic; in text {@code topic-partition}. */
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

    public OptionalLong of(Partition partition) {
        return next.containsKey(partition) ? OptionalLong.of(next.get(partition)) : OptionalLong.empty();
    }

    /** These offsets, moved on to the later ones of {@code other}; those of topics that are others there are gone. */
    public Offsets advancedTo(Offsets other) {
        Offsets lasting = within(other.topics);
        Map<Partition, Long> merged = new TreeMap<>(lasting.next);
        other.next.forEach((partition, offset) -> merged.merge(partition, offset, Math::max));
        return new Offsets(merged, lasting.topics);
    }

    /** These offsets but for those of topics that are others now; the ids are from now on those of {@code now}. */
    public Offsets within(Map<String, String> now) {
        Map<Partition, Long> lasting = new TreeMap<>(next);
        lasting.keySet().removeIf(partition -> isReplaced(partition.topic(), now));
        Map<String, String> ids = new TreeMap<>(topics);
        ids.putAll(now);
        return new Offsets(lasting, ids);
    }

    private boolean isReplaced(String topic, Map<String, String> now) {
        return topics.containsKey(topic)
                && now.containsKey(topic)
                && !topics.get(topic).equals(now.get(topic));
    }
}
