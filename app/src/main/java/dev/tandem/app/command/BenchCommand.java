package dev.tandem.app.command;

import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.engine.nd4j.Nd4jBackend;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(name = "bench", description = "Measure this machine.", subcommands = BenchCommand.Step.class)
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which measurement? See tandem bench --help");
    }

    @Command(
            name = "step",
            description = "Time of a whole training step: three phases, three optimizers, fixed random images.",
            footer = {"", "Example:", "  tandem bench step --set model.image-size=128 --set train.batch-size=8"})
    static final class Step implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private SettingsOptions options;

        @Mixin
        private JsonOutput output;

        @Option(names = "--runs", defaultValue = "10", description = "Steps to measure. Default: ${DEFAULT-VALUE}.")
        private int runs;

        @Option(names = "--warm-up", defaultValue = "3", description = "Steps before that. Default: ${DEFAULT-VALUE}.")
        private int warmUp;

        @Override
        public Integer call() {
            Settings settings = options.settings(List.of());
            try (BicycleGan model =
                    BicycleGan.fresh(Nd4jBackend.open(settings.model().device()), settings)) {
                int batch = settings.train().batchSize();
                Tensor a = Noise.gaussian(model.inputs(batch), 1, "a");
                Tensor b = Noise.gaussian(model.outputs(batch), 1, "b");
                double[] millis = new double[runs];
                for (int i = -warmUp; i < runs; i++) {
                    long start = System.nanoTime();
                    model.train(a, b, Offsets.NONE);
                    if (i >= 0) {
                        millis[i] = (System.nanoTime() - start) / 1e6;
                    }
                }
                output.print(spec.commandLine().getOut(), result(settings, millis));
            }
            return 0;
        }

        private static Map<String, Object> result(Settings settings, double[] millis) {
            double[] sorted = millis.clone();
            Arrays.sort(sorted);
            double median = sorted[sorted.length / 2];
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("imageSize", settings.model().imageSize().toString());
            result.put("width", settings.model().width());
            result.put("batchSize", settings.train().batchSize());
            result.put("medianMillis", median);
            result.put("minMillis", sorted[0]);
            result.put("maxMillis", sorted[sorted.length - 1]);
            result.put("stepsPerSecond", 1000 / median);
            return result;
        }
    }
}
