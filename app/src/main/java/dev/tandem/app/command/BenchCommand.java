package dev.tandem.app.command;

import com.typesafe.config.Config;
import dev.tandem.app.bench.DecodeBench;
import dev.tandem.app.bench.ModelBench;
import dev.tandem.app.bench.StreamBench;
import dev.tandem.app.broker.EmbeddedBroker;
import dev.tandem.clients.load.HttpBench;
import dev.tandem.clients.load.SimulatedTraining;
import dev.tandem.config.Settings;
import dev.tandem.datasets.files.TemporaryFolder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "bench",
        description = "Measure this machine. docs/reference/performance.md has results to compare with.",
        footer = {"", "Example:", "  tandem bench stream --size 128"},
        subcommands = {
            BenchCommand.Step.class,
            BenchCommand.Generate.class,
            BenchCommand.Decode.class,
            BenchCommand.Stream.class,
            BenchCommand.Http.class
        })
final class BenchCommand implements Runnable {
    @Override
    public void run() {
        throw new UsageException("no measurement is given");
    }

    /** One measurement, whose result is printed. */
    abstract static class Measurement implements Callable<Integer> {
        @Mixin
        private CommandOutput output;

        @Mixin
        private BenchOptions options;

        @Override
        public Integer call() {
            output.printResult(measure(options));
            return 0;
        }

        abstract Map<String, Object> measure(BenchOptions options);
    }

    /** A measurement of the model alone. */
    abstract static class ModelMeasurement extends Measurement {
        @Option(names = "--profile", description = "Also measure the time of each kind of native operation.")
        private boolean profile;

        ModelBench bench(BenchOptions options, List<String> defaults) {
            return new ModelBench(options.settings(defaults), options.warmUp(), options.runs(), profile);
        }
    }

    @Command(
            name = "step",
            description = "Measure a training step on random images: three phases, three optimizers.",
            footer = {"", "Example:", "  tandem bench step --preset seed --size 128 --batch 8"})
    static final class Step extends ModelMeasurement {
        @Option(names = "--batch", paramLabel = "N", description = "Short for --set train.batch-size=...")
        private Optional<Integer> batch = Optional.empty();

        @Override
        Map<String, Object> measure(BenchOptions options) {
            options.requireTraining();
            List<String> defaults =
                    batch.map(size -> List.of("train.batch-size=" + size)).orElseGet(List::of);
            return bench(options, defaults).step();
        }
    }

    @Command(
            name = "generate",
            description = "Measure the generator alone on random images, as it translates.",
            footer = {"", "Example:", "  tandem bench generate --preset paper --size 256 --batch 16"})
    static final class Generate extends ModelMeasurement {
        @Option(
                names = "--batch",
                paramLabel = "N",
                defaultValue = "1",
                description = "Images per run. Default: ${DEFAULT-VALUE}.")
        private int batch;

        @Override
        Map<String, Object> measure(BenchOptions options) {
            UsageException.requireAtLeast("--batch", batch, 1);
            return bench(options, List.of()).generate(batch);
        }
    }

    @Command(
            name = "decode",
            description = "Measure the preparation of pairs for the model on one core: decode, resize, crop.",
            footer = {"", "Example:", "  tandem bench decode --size 256 --data pictures"})
    static final class Decode extends Measurement {
        @Option(names = "--data", required = true, paramLabel = "DIR", description = "Folder of A|B images.")
        private Path data;

        @Override
        Map<String, Object> measure(BenchOptions options) {
            options.requireNoEngine();
            return new DecodeBench(options.settings(List.of()), options.warmUp(), options.runs()).run(data);
        }
    }

    @Command(
            name = "stream",
            description = "Measure a whole run, with a Kafka broker in this process: pairs trained per second, and the"
                    + " latency of a translation request.",
            footer = {"", "Example:", "  tandem bench stream --size 128"})
    static final class Stream extends Measurement {
        @Option(
                names = "--dataset",
                defaultValue = "shapes",
                paramLabel = "openmoji|shapes|DIR",
                description = "Training data. DIR holds A|B images. Default: ${DEFAULT-VALUE}.")
        private String dataset;

        @Option(
                names = "--fake-step",
                paramLabel = "MS",
                description =
                        "Measure whether pairs arrive in time for a model whose steps take MS milliseconds: such a"
                                + " model is simulated, and there are no requests. A run is then 200 steps.")
        private Optional<Integer> fakeStep = Optional.empty();

        @Override
        Map<String, Object> measure(BenchOptions options) {
            options.requireTraining();
            fakeStep.ifPresent(millis -> {
                UsageException.requireAtLeast("--fake-step", millis, 1);
                options.requireNoEngine();
            });
            try (TemporaryFolder work = TemporaryFolder.create();
                    EmbeddedBroker broker = EmbeddedBroker.start(work.path().resolve("broker"), 0)) {
                List<String> defaults = List.of(
                        "kafka.bootstrap-servers=" + broker.bootstrapServers(),
                        "checkpoint.directory=" + work.path().resolve("checkpoints"));
                Settings settings = options.settings(defaults);
                Config config = options.config(defaults);
                return fakeStep.isPresent()
                        ? new SimulatedTraining(settings, config, dataset, options.warmUp(), options.runs())
                                .run(Duration.ofMillis(fakeStep.get()))
                        : new StreamBench(settings, config, dataset, options.warmUp(), options.runs()).run();
            }
        }
    }

    @Command(
            name = "http",
            description =
                    "Measure the HTTP API of a run in a process of its own with 1, 8, 64 and 512 clients, and with"
                            + " 64 clients that send the largest body.",
            footer = {"", "Example:", "  tandem bench http --size 64 --seconds 10"})
    static final class Http extends Measurement {
        @Option(
                names = "--seconds",
                defaultValue = "20",
                paramLabel = "N",
                description = "Duration of each measurement. Default: ${DEFAULT-VALUE}.")
        private int seconds;

        @Override
        Map<String, Object> measure(BenchOptions options) {
            options.requireTraining();
            UsageException.requireAtLeast("--seconds", seconds, 1);
            Duration duration = Duration.ofSeconds(seconds);
            int side = options.settings(List.of()).model().imageSize().width();
            return new HttpBench(options.config(List.of()), side, duration).run();
        }
    }
}
