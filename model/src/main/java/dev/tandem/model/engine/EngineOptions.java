package dev.tandem.model.engine;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * How an engine is opened.
 *
 * @param device the text that {@link Engine#device} returns
 * @param maxOffHeap limit in bytes of the memory outside the heap; empty: what the device or the machine has
 * @param operationTimes receives the time of each native operation; empty: times are not measured
 */
public record EngineOptions(String device, OptionalLong maxOffHeap, Optional<OperationTimes> operationTimes) {

    /** No limit of its own and no measurement. */
    public static EngineOptions on(String device) {
        return new EngineOptions(device, OptionalLong.empty(), Optional.empty());
    }
}
