package dev.tandem.model.checkpoint;

import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** The next record to read of each partition: what a model has seen is everything before. */
public record Offsets(Map<Partition, Long> next) {
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
    }

    public OptionalLong of(Partition partition) {
        return next.containsKey(partition) ? OptionalLong.of(next.get(partition)) : OptionalLong.empty();
    }

    /** These offsets, moved on to the later ones of {@code other}. */
    public Offsets advancedTo(Offsets other) {
        Map<Partition, Long> merged = new TreeMap<>(next);
        other.next.forEach((partition, offset) -> merged.merge(partition, offset, Math::max));
        return new Offsets(merged);
    }
}
