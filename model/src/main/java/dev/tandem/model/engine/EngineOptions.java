package dev.tandem.model.engine;

import java.util.Optional;
import java.util.OptionalLong;

/**
 * The options with which {@link EngineProvider} opens an engine.
 *
 * @param device the text that {@link Engine#device} returns
 * @param maxOffHeap limit of the memory outside the heap, in bytes; empty: the memory of the device or machine
 * @param operationTimes collects the times of native operations; empty: times are not measured
 */
public record EngineOptions(String device, OptionalLong maxOffHeap, Optional<OperationTimes> operationTimes) {

    /** Options without a memory limit and without measurement. */
    public static EngineOptions on(String device) {
        return new EngineOptions(device, OptionalLong.empty(), Optional.empty());
    }
}
