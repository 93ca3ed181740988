package dev.tandem.app.bench;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.nd4j.Nd4jBackend;
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
 */
public record ModelBench(Settings settings, int warmUp, int runs) {
    private static final double KIB_PER_MIB = 1024;

    /** A whole training step: three phases, three optimizers. */
    public Map<String, Object> step() {
        int batch = settings.train().batchSize();
        return measured(batch, model -> {
            Tensor a = Noise.gaussian(model.inputs(batch), 1, "a");
            Tensor b = Noise.gaussian(model.outputs(batch), 1, "b");
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
        try (BicycleGan model =
                BicycleGan.fresh(Nd4jBackend.open(settings.model().device()), settings)) {
            Runnable run = work.apply(model);
            Timings.of(warmUp, 0, run);
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
            ProcessMemory.peakResident().ifPresent(peak -> result.put("peakMiB", Timings.rounded(peak / KIB_PER_MIB)));
            if (before.isPresent() && after.isPresent()) {
                result.put("minorFaultsPerRun", (after.getAsLong() - before.getAsLong()) / runs);
            }
            return result;
        }
    }
}
