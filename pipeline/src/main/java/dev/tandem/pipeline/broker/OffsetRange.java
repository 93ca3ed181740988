package dev.tandem.pipeline.broker;

/**
 * The offsets that exist in a partition.
 *
 * @param first offset of the oldest record
 * @param end offset of the next record to be written
 */
public record OffsetRange(long first, long end) {

    public boolean isEmpty() {
        return first == end;
    }
}
