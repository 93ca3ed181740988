package dev.tandem.app.command;

import dev.tandem.app.bench.DecodeBench;
import dev.tandem.app.bench.ModelBench;
import dev.tandem.app.bench.StreamBench;
import dev.tandem.app.broker.EmbeddedBroker;
import dev.tandem.datasets.files.TemporaryFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

@Command(
        name = "bench",
        description = "Measure this machine; docs/reference/performance.md has what others came to.",
        footer = {"", "Example:", "  tandem bench stream --size 128"},
        subcommands = {
            BenchCommand.Step.class,
            BenchCommand.Generate.class,
            BenchCommand.Decode.class,
            BenchCommand.Stream.class
        })
final class BenchCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which measurement? See tandem bench --help");
    }

    /** One measurement: its options, and its result printed. */
    abstract static class Measurement implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Mixin
        private JsonOutput output;

        @Mixin
        private BenchOptions options;

        @Override
        public Integer call() {
            output.print(spec.commandLine().getOut(), measure(options));
            return 0;
        }

        abstract Map<String, Object> measure(BenchOptions options);
    }

    @Command(
            name = "step",
            description = "Time of a whole training step: three phases, three optimizers, random images.",
            footer = {"", "Example:", "  tandem bench step --preset seed --size 128 --batch 8"})
    static final class Step extends Measurement {
        @Option(names = "--batch", paramLabel = "N", description = "Short for --set train.batch-size=...")
        private Optional<Integer> batch = Optional.empty();

        @Option(names = "--profile", description = "Say what kind of native operation takes how long.")
        private boolean profile;

        @Override
        Map<String, Object> measure(BenchOptions options) {
            List<String> shape =
                    batch.map(size -> List.of("train.batch-size=" + size)).orElseGet(List::of);
            return new ModelBench(options.settings(shape), options.warmUp(), options.runs(), profile).step();
        }
    }

    @Command(
            name = "generate",
            description = "Time of the generator alone, as it translates, on random images.",
            footer = {"", "Example:", "  tandem bench generate --preset paper --size 256 --batch 16"})
    static final class Generate extends Measurement {
        @Spec
        private CommandSpec spec;

        @Option(
                names = "--batch",
                paramLabel = "N",
                defaultValue = "1",
                description = "Images at once. Default: ${DEFAULT-VALUE}.")
        private int batch;

        @Option(names = "--profile", description = "Say what kind of native operation takes how long.")
        private boolean profile;

        @Override
        Map<String, Object> measure(BenchOptions options) {
            if (batch < 1) {
                throw new ParameterException(spec.commandLine(), "--batch is " + batch + ", but must be at least 1");
            }
            return new ModelBench(options.settings(List.of()), options.warmUp(), options.runs(), profile)
                    .generate(batch);
        }
    }

    @Command(
            name = "decode",
            description = "Time on one core of what becomes of a pair before the model sees it: decode, resize, crop.",
            footer = {"", "Example:", "  tandem bench decode --size 256 --data pictures"})
    static final class Decode extends Measurement {
        @Option(names = "--data", required = true, paramLabel = "DIR", description = "Folder of A|B pictures.")
        private Path data;

        @Override
        Map<String, Object> measure(BenchOptions options) {
            return new DecodeBench(options.settings(List.of()), options.warmUp(), options.runs()).of(data);
        }
    }

    @Command(
            name = "stream",
            description = "Time of the way through Kafka, with a broker in this process: pairs learnt in a second, how"
                    + " long a request waits.",
            footer = {"", "Example:", "  tandem bench stream --size 128"})
    static final class Stream extends Measurement {
        @Option(
                names = "--dataset",
                defaultValue = "shapes",
                paramLabel = "openmoji|shapes|DIR",
                description = "What to learn from; DIR holds A|B images. Default: ${DEFAULT-VALUE}.")
        private String dataset;

        @Override
        Map<String, Object> measure(BenchOptions options) {
            try (TemporaryFolder work = TemporaryFolder.create();
                    EmbeddedBroker broker = EmbeddedBroker.start(work.path().resolve("broker"), 0)) {
                List<String> own = List.of(
                        "kafka.bootstrap-servers=" + broker.bootstrapServers(),
                        "checkpoint.directory=" + work.path().resolve("checkpoints"));
                return new StreamBench(
                                options.settings(own), options.config(own), dataset, options.warmUp(), options.runs())
                        .run();
            }
        }
    }
}
