package dev.tandem.model.engine;

import dev.tandem.config.ComputeSettings.Precision;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The options with which {@link EngineProvider} opens an engine.
 *
 * @param device the text that {@link Engine#device} returns
 * @param precision precision of convolutions and matrix products
 * @param deterministic whether the same inputs must always give the same bits
 * @param maxOffHeap limit of the memory outside the heap, in bytes; empty: the memory of the device or machine
 * @param operationTimes collects the times of native operations; empty: times are not measured
 */
public record EngineOptions(
        String device,
        Precision precision,
        boolean deterministic,
        OptionalLong maxOffHeap,
        Optional<OperationTimes> operationTimes) {

    /** Options for fp32, without a memory limit and without measurement. */
    public static EngineOptions on(String device) {
        return new EngineOptions(device, Precision.FP32, false, OptionalLong.empty(), Optional.empty());
    }

    public EngineOptions with(Precision other) {
        return new EngineOptions(device, other, deterministic, maxOffHeap, operationTimes);
    }

    public EngineOptions deterministically() {
        return new EngineOptions(device, precision, true, maxOffHeap, operationTimes);
    }

    public EngineOptions withMaxOffHeap(long bytes) {
        return new EngineOptions(device, precision, deterministic, OptionalLong.of(bytes), operationTimes);
    }

    public EngineOptions timedBy(OperationTimes times) {
        return new EngineOptions(device, precision, deterministic, maxOffHeap, Optional.of(times));
    }
}
