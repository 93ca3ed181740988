package dev.tandem.model.engine;

import dev.tandem.config.ComputeSettings.Precision;
import dev.tandem.config.MemoryLimits;
import java.util.Optional;

/**
 * The options with which {@link EngineProvider} opens an engine.
 *
 * @param device the text that {@link Engine#device} returns
 * @param precision precision of convolutions and matrix products
 * @param deterministic whether the same inputs must always give the same bits
 * @param limits limits of the memory
 * @param operationTimes collects the times of native operations; empty: times are not measured
 */
public record EngineOptions(
        String device,
        Precision precision,
        boolean deterministic,
        MemoryLimits limits,
        Optional<OperationTimes> operationTimes) {

    /** Options for fp32, without a memory limit and without measurement. */
    public static EngineOptions on(String device) {
        return new EngineOptions(device, Precision.FP32, false, MemoryLimits.NONE, Optional.empty());
    }

    public EngineOptions with(Precision other) {
        return new EngineOptions(device, other, deterministic, limits, operationTimes);
    }

    public EngineOptions deterministically() {
        return new EngineOptions(device, precision, true, limits, operationTimes);
    }

    public EngineOptions with(MemoryLimits other) {
        return new EngineOptions(device, precision, deterministic, other, operationTimes);
    }

    public EngineOptions timedBy(OperationTimes times) {
        return new EngineOptions(device, precision, deterministic, limits, Optional.of(times));
    }
}
