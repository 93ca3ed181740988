package dev.tandem.pipeline.train;

import java.util.List;
import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * Cuts a stream of records into batches of a number of pairs; records without a pair go with the batch they fall into.
 *
 * @param size pairs of a batch
 * @param last the last pair, in a batch that may be smaller; what comes after it is passed over
 */
record Batching(int size, long last) {

    /** A record and the number of pairs up to it. */
    record Numbered(PreparedPair prepared, long count) {}

    /** Numbers the records and passes over those after the last pair. */
    Flow<PreparedPair, Numbered, NotUsed> numbered() {
        return Flow.<PreparedPair>create()
                .statefulMap(
                        () -> 0L,
                        (before, prepared) -> {
                            long count = before + prepared.pairs();
                            return Pair.create(count, new Numbered(prepared, count));
                        },
                        count -> Optional.empty())
                .filter(numbered -> numbered.count() - numbered.prepared().pairs() < last);
    }

    /** Whole batches; what is left over when the stream is drained is dropped, to be read again at the next start. */
    Flow<Numbered, PairBatch, NotUsed> batches() {
        return Flow.<Numbered>create()
                // The last pair fills its batch, however small: nothing will come to fill it otherwise.
                .groupedWeighted(
                        size,
                        numbered -> numbered.count() == last
                                ? size
                                : numbered.prepared().pairs())
                .filter(group -> count(group) == last || pairs(group) == size)
                .map(group ->
                        new PairBatch(group.stream().map(Numbered::prepared).toList(), count(group) == last));
    }

    private static long pairs(List<Numbered> group) {
        return group.stream().mapToLong(numbered -> numbered.prepared().pairs()).sum();
    }

    private static long count(List<Numbered> group) {
        return group.get(group.size() - 1).count();
    }
}
