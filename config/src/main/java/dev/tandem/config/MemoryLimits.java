package dev.tandem.config;

import java.util.OptionalLong;

/**
 * Limits of the memory that a model may use, in bytes. Only the limit of the model's device applies.
 *
 * @param offHeap limit on a CPU, of the memory outside the heap; empty: what the machine has beside the heap
 * @param device limit on a GPU; empty: the memory of the GPU
 */
public record MemoryLimits(OptionalLong offHeap, OptionalLong device) {
    public static final String OFF_HEAP = "run.max-off-heap";
    public static final String DEVICE = "run.max-device-memory";

    /** No limits but those of the hardware. */
    public static final MemoryLimits NONE = new MemoryLimits(OptionalLong.empty(), OptionalLong.empty());

    private static final long MIN = 1L << 20;
    private static final long MAX = 1L << 50;

    public MemoryLimits {
        offHeap.ifPresent(bytes -> RangeCheck.range(OFF_HEAP, bytes, MIN, MAX));
        device.ifPresent(bytes -> RangeCheck.range(DEVICE, bytes, MIN, MAX));
    }
}
