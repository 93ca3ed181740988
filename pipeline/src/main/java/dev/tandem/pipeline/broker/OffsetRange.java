package dev.tandem.pipeline.broker;

/**
 * The offsets that a partition has.
 *
 * @param first of the oldest record that is kept
 * @param end of the next record there will be
 */
public record OffsetRange(long first, long end) {}
