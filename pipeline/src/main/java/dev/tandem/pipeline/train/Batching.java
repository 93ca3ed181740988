package dev.tandem.pipeline.train;

import java.util.Optional;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * Cuts a stream of records into batches of a number of pairs; records without a pair go with the batch they fall into.
 *
 * @param size pairs of a batch
 * @param last ends with this pair, in a batch that may be smaller
 */
record Batching(int size, long last) {

    /** A record and the number of pairs up to it. */
    record Numbered(PreparedPair prepared, long count) {}

    /** Numbers the records and ends after the last pair. */
    Flow<PreparedPair, Numbered, NotUsed> numbered() {
        return Flow.<PreparedPair>create()
                .statefulMap(
                        () -> 0L,
                        (before, prepared) -> {
                            long count = before + prepared.pairs();
                            return Pair.create(count, new Numbered(prepared, count));
                        },
                        count -> Optional.empty())
                .takeWhile(numbered -> numbered.count() < last, true);
    }

    /** Whole batches; what is left over when the stream is drained is dropped, to be read again at the next start. */
    Flow<Numbered, PairBatch, NotUsed> batches() {
        return Flow.<Numbered>create()
                .groupedWeighted(size, numbered -> numbered.prepared().pairs())
                .filter(group -> {
                    long count = group.get(group.size() - 1).count();
                    return count == last || count % size == 0;
                })
                .map(group ->
                        new PairBatch(group.stream().map(Numbered::prepared).toList()));
    }
}
