package dev.tandem.app.bench;

import dev.tandem.config.ModelSettings.Device;
import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.engine.OperationTimes;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Times what a fresh model does with random images of its size.
 *
 * @param warmUp runs before those that count
 * @param profiled whether to say what kind of native operation took how long
 */
public record ModelBench(Settings settings, int warmUp, int runs, boolean profiled) {
    private static final double KIB_PER_MIB = 1024;

    /** A whole training step: three phases, three optimizers. */
    public Map<String, Object> step() {
        int batch = settings.train().batchSize();
        return measured(batch, model -> {
            int fresh = settings.train().freshPairs();
            Tensor a = Noise.gaussian(model.inputs(fresh), 1, "a");
            Tensor b = Noise.gaussian(model.outputs(fresh), 1, "b");
            return () -> model.train(a, b, Offsets.NONE);
        });
    }

    /** The generator alone, in the mode it translates in. */
    public Map<String, Object> generate(int batch) {
        return measured(batch, model -> {
            Tensor a = Noise.gaussian(model.inputs(batch), 1, "a");
            Tensor z = Noise.gaussian(model.latents(batch), 1, "z");
            return () -> model.translate(a, z);
        });
    }

    private Map<String, Object> measured(int batch, Function<BicycleGan, Runnable> work) {
        OperationTimes times = new OperationTimes();
        try (BicycleGan model = BicycleGan.fresh(engine(times), settings)) {
            Runnable run = work.apply(model);
            Timings.of(warmUp, 0, run);
            times.reset();
            OptionalLong residentBefore = ProcessMemory.resident();
            OptionalLong before = ProcessMemory.minorFaults();
            Timings timings = Timings.of(0, runs, run);
            OptionalLong after = ProcessMemory.minorFaults();
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("preset", settings.model().preset().toString());
            result.put("imageSize", settings.model().imageSize().toString());
            result.put("width", settings.model().width());
            result.put("batch", batch);
            result.putAll(timings.figures());
            result.put("imagesPerSecond", Timings.rounded(batch * 1000 / timings.median()));
            putMiB(result, "residentBeforeMiB", residentBefore);
            putMiB(result, "residentAfterMiB", ProcessMemory.resident());
            putMiB(result, "peakMiB", ProcessMemory.peakResident());
            if (before.isPresent() && after.isPresent()) {
                result.put("minorFaultsPerRun", (after.getAsLong() - before.getAsLong()) / runs);
            }
            if (profiled) {
                Map<String, Double> millis = times.millis();
                millis.replaceAll((name, sum) -> Timings.rounded(sum / runs));
                result.put("operationMillis", millis);
            }
            return result;
        }
    }

    private static void putMiB(Map<String, Object> result, String name, OptionalLong kib) {
        kib.ifPresent(value -> result.put(name, Timings.rounded(value / KIB_PER_MIB)));
    }

    private Engine engine(OperationTimes times) {
        Device device = settings.model().device();
        return profiled ? Engines.openTimed(device, times) : Engines.open(device);
    }
}
