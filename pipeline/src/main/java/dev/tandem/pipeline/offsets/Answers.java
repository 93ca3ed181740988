package dev.tandem.pipeline.offsets;

import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What the output topics say about the requests that were answered.
 *
 * @param next by partition of the requests: the offset after the last answered request
 * @param uncertain partitions for which the search has not read as far back as necessary: later requests may be
 *     answered too
 * @param allRetained whether the output topics still have all records that were ever written to them
 * @param topicReplaced whether there are answers to requests of an earlier topic with the same name
 */
record Answers(Map<Integer, Long> next, Set<Integer> uncertain, boolean allRetained, boolean topicReplaced) {
    /** There are no requests, or the output topics are not searched. */
    static final Answers NONE = new Answers(Map.of(), Set.of(), true, false);

    Answers {
        next = Map.copyOf(next);
        uncertain = Set.copyOf(uncertain);
    }

    OptionalLong nextOf(int partition) {
        return next.containsKey(partition) ? OptionalLong.of(next.get(partition)) : OptionalLong.empty();
    }

    boolean isCertain(int partition) {
        return !uncertain.contains(partition);
    }

    /** Whether a partition without a known answer has none for certain: an answer would still be retained. */
    boolean proveNoAnswer(int partition) {
        return isCertain(partition) && (allRetained || topicReplaced);
    }
}
