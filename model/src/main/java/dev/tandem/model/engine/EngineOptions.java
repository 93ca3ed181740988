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
 * @param cudaGraphs whether CUDA graphs replay phases on GPUs, if the engine can
 * @param limits limits of the memory
 * @param operationTimes collects the times of native operations; empty: times are not measured
 */
public record EngineOptions(
        String device,
        Precision precision,
        boolean deterministic,
        boolean cudaGraphs,
        MemoryLimits limits,
        Optional<OperationTimes> operationTimes) {

    /** Options for fp32, without CUDA graphs, memory limit and measurement. */
    public static EngineOptions on(String device) {
        return new EngineOptions(device, Precision.FP32, false, false, MemoryLimits.NONE, Optional.empty());
    }

    public EngineOptions with(Precision other) {
        return new EngineOptions(device, other, deterministic, cudaGraphs, limits, operationTimes);
    }

    public EngineOptions deterministically() {
        return new EngineOptions(device, precision, true, cudaGraphs, limits, operationTimes);
    }

    public EngineOptions withCudaGraphs() {
        return new EngineOptions(device, precision, deterministic, true, limits, operationTimes);
    }

    public EngineOptions with(MemoryLimits other) {
        return new EngineOptions(device, precision, deterministic, cudaGraphs, other, operationTimes);
    }

    public EngineOptions timedBy(OperationTimes times) {
        return new EngineOptions(device, precision, deterministic, cudaGraphs, limits, Optional.of(times));
    }
}
