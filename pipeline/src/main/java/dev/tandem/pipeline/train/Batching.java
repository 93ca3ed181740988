package dev.tandem.pipeline.train;

import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.pipeline.consume.Records;
import dev.tandem.pipeline.train.PreparedPair.Usable;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecord;
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
                .via(carrying())
                // The last pair fills its batch, however small: nothing will come to fill it otherwise.
                .groupedWeighted(size, carrier -> carrier.count() == last ? size : 1L)
                .filter(group -> isLast(group) || group.size() == size)
                .map(group -> new PairBatch(group.stream().map(Carrier::pair).toList(), behind(group), isLast(group)));
    }

    /**
     * A pair, and the offsets behind it and all that was read before it.
     *
     * @param count of pairs up to it
     */
    private record Carrier(Usable pair, Offsets behind, long count) {}

    /** Of what cannot be used no more than its offset is kept, however much of it comes before the next pair. */
    private static Flow<Numbered, Carrier, NotUsed> carrying() {
        return Flow.<Numbered>create().statefulMapConcat(() -> {
            AtomicReference<Offsets> behind = new AtomicReference<>(Offsets.NONE);
            return numbered -> {
                ConsumerRecord<byte[], byte[]> record = numbered.prepared().record();
                Offsets now = behind.updateAndGet(before -> before.advancedTo(Records.nextOffsets(record)));
                if (numbered.prepared() instanceof Usable pair) {
                    behind.set(Offsets.NONE);
                    return List.of(new Carrier(pair, now, numbered.count()));
                }
                return List.of();
            };
        });
    }

    private static Offsets behind(List<Carrier> group) {
        return group.stream().map(Carrier::behind).reduce(Offsets.NONE, Offsets::advancedTo);
    }

    private boolean isLast(List<Carrier> group) {
        return group.get(group.size() - 1).count() == last;
    }
}
