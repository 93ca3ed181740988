package dev.tandem.pipeline.train;

import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.train.PreparedPair.Valid;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.pekko.NotUsed;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;

/**
 * Groups a stream of records into batches with a fixed number of pairs. Invalid records and held-out pairs contribute only their
 * offset.
 *
 * @param size pairs per batch
 * @param last number of the last pair, counted from 1; its batch may be smaller, and records after it are skipped
 */
record PairBatcher(int size, long last) {

    /**
     * A record and its position in the stream.
     *
     * @param count number of pairs up to and including this record
     */
    record Numbered(PreparedPair prepared, long count) {}

    /**
     * A pair with the offsets of the records up to it.
     *
     * @param nextOffsets the offsets after this pair and after the other records before it
     * @param count number of pairs up to and including this one
     */
    private record NumberedPair(Valid pair, Offsets nextOffsets, long count) {}

    /** Numbers the records and skips those after the last pair. */
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

    /** Emits full batches. An incomplete batch is dropped when the stream is drained, and is read again by the next run. */
    Flow<Numbered, PairBatch, NotUsed> batches() {
        return Flow.<Numbered>create()
                .via(pairsWithOffsets())
                // The last pair completes its batch, because no pair follows that could fill it.
                .groupedWeighted(size, pair -> pair.count() == last ? size : 1L)
                .filter(group -> isLast(group) || group.size() == size)
                .map(group -> new PairBatch(
                        group.stream().map(NumberedPair::pair).toList(), nextOffsets(group), isLast(group)));
    }

    /** Drops the other records after adding their offsets to the next pair, so any number of them needs no memory. */
    private static Flow<Numbered, NumberedPair, NotUsed> pairsWithOffsets() {
        return Flow.<Numbered>create().statefulMapConcat(() -> {
            AtomicReference<Offsets> pending = new AtomicReference<>(Offsets.NONE);
            return numbered -> {
                ConsumerRecord<byte[], byte[]> record = numbered.prepared().record();
                Offsets next = pending.updateAndGet(before -> before.advancedTo(Records.nextOffsets(record)));
                if (numbered.prepared() instanceof Valid pair) {
                    pending.set(Offsets.NONE);
                    return List.of(new NumberedPair(pair, next, numbered.count()));
                }
                return List.of();
            };
        });
    }

    private static Offsets nextOffsets(List<NumberedPair> group) {
        return group.stream().map(NumberedPair::nextOffsets).reduce(Offsets.NONE, Offsets::advancedTo);
    }

    private boolean isLast(List<NumberedPair> group) {
        return group.get(group.size() - 1).count() == last;
    }
}
