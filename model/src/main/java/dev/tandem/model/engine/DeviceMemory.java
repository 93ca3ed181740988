package dev.tandem.model.engine;

import java.util.OptionalLong;

/**
 * Memory on the device of a model, in bytes. On a CPU it is the memory outside the heap of one engine, and on a GPU that
 * of the process.
 *
 * @param used memory of weights, moments and intermediate results
 * @param reserved memory that the engine holds: the used memory, and free memory for later use
 * @param limit maximum of the reserved memory; empty: unknown
 */
public record DeviceMemory(long used, long reserved, OptionalLong limit) {
    /** The memory of a model that is not open. */
    public static final DeviceMemory NONE = new DeviceMemory(0, 0, OptionalLong.empty());

    /** The memory of two engines on one device, with the limit of this one. */
    public DeviceMemory plus(DeviceMemory other) {
        return new DeviceMemory(used + other.used, reserved + other.reserved, limit);
    }
}
