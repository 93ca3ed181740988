package dev.tandem.app.bench;

import dev.tandem.clients.load.ProcessMemory;
import dev.tandem.config.MemoryLimits;
import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Backend;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.engine.InferenceEngines;
import dev.tandem.model.engine.OperationTimes;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Measures a fresh model on random images.
 *
 * @param warmUp runs before the measured ones
 * @param profiled whether the time of each kind of native operation is measured too
 */
public record ModelBench(Settings settings, int warmUp, int runs, boolean profiled) {
    private static final double KIB_PER_MIB = 1024;
    private static final ProcessMemory MEMORY = ProcessMemory.ofThisProcess();

    /** Measures a training step: three phases, three optimizers. */
    public Map<String, Object> step() {
        return measure(settings.train().batchSize(), this::training, model -> {
            int fresh = settings.train().freshPairs();
            Tensor a = Noise.gaussian(model.inputShape(fresh), 1, "a");
            Tensor b = Noise.gaussian(model.outputShape(fresh), 1, "b");
            return () -> model.train(a, b, Offsets.NONE);
        });
    }

    /** Measures the generator alone, on the engine that translates files. */
    public Map<String, Object> generate(int batch) {
        return measure(batch, this::translating, model -> {
            Tensor a = Noise.gaussian(model.inputShape(batch), 1, "a");
            Tensor z = Noise.gaussian(model.latentShape(batch), 1, "z");
            return () -> model.translate(a, z);
        });
    }

    private Map<String, Object> measure(
            int batch, Function<OperationTimes, BicycleGan> opening, Function<BicycleGan, Runnable> workOf) {
        OperationTimes operations = new OperationTimes();
        try (BicycleGan model = opening.apply(operations)) {
            Runnable work = workOf.apply(model);
            Timings.of(warmUp, 0, work);
            operations.reset();
            MemoryUse memory = new MemoryUse(MEMORY.resident(), MEMORY.minorFaults());
            Timings timings = Timings.of(0, runs, work);
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("device", model.device());
            result.put("preset", settings.model().preset().toString());
            result.put("imageSize", settings.model().imageSize().toString());
            result.put("width", settings.model().width());
            result.put("batch", batch);
            result.putAll(timings.summary());
            result.put("imagesPerSecond", Timings.rounded(batch * 1000 / timings.median()));
            result.putAll(memory.since(runs));
            if (profiled) {
                result.put("operationMillis", millisPerRun(operations));
            }
            return result;
        }
    }

    /** Figures before the measured runs. */
    private record MemoryUse(OptionalLong residentBefore, OptionalLong minorFaultsBefore) {
        private Map<String, Object> since(int runs) {
            OptionalLong minorFaults = MEMORY.minorFaults();
            Map<String, Object> result = new LinkedHashMap<>();
            putMiB(result, "residentBeforeMiB", residentBefore);
            putMiB(result, "residentAfterMiB", MEMORY.resident());
            putMiB(result, "peakMiB", MEMORY.peakResident());
            if (minorFaultsBefore.isPresent() && minorFaults.isPresent()) {
                result.put("minorFaultsPerRun", (minorFaults.getAsLong() - minorFaultsBefore.getAsLong()) / runs);
            }
            return result;
        }

        private static void putMiB(Map<String, Object> result, String key, OptionalLong kib) {
            kib.ifPresent(value -> result.put(key, Timings.rounded(value / KIB_PER_MIB)));
        }
    }

    private Map<String, Double> millisPerRun(OperationTimes operations) {
        Map<String, Double> millis = operations.millis();
        millis.replaceAll((name, total) -> Timings.rounded(total / runs));
        return millis;
    }

    private BicycleGan training(OperationTimes operations) {
        Engine engine = profiled
                ? Engines.openTimed(settings, operations)
                : Engines.openForTraining(settings, MemoryLimits.NONE);
        return BicycleGan.fresh(engine, settings);
    }

    private BicycleGan translating(OperationTimes operations) {
        return BicycleGan.translating(inferenceEngine(operations), settings, Optional.empty());
    }

    private Backend inferenceEngine(OperationTimes operations) {
        return InferenceEngines.openTimed(settings, operations)
                .<Backend>map(engine -> engine)
                .orElseGet(() ->
                        profiled ? Engines.openTimed(settings.model(), operations) : Engines.open(settings.model()));
    }
}
