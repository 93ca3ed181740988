package dev.tandem.bench;

import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Initializer;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Ops.BatchNorm;
import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Parameters;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.train.Noise;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time of one operation on a tensor of (8, 64, 64, 64), 2M floats: forward alone, and forward with the gradients of all
 * its inputs. Each measurement includes the mean of the result, because gradients need a scalar loss; the operation
 * {@code nothing} measures the mean alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2, time = 2)
@Measurement(iterations = 5, time = 2)
@Fork(1)
public class OpsBenchmark {
    private static final int CHANNELS = 64;
    private static final Shape IMAGES = Shape.of(8, CHANNELS, 64, 64);

    @Param({
        "nothing",
        "convolution3x3",
        "convolution4x4Halving",
        "transposedConvolution4x4",
        "upsampledConvolution3x3",
        "instanceNorm",
        "batchNorm",
        "relu",
        "leakyRelu",
        "tanh",
        "averagePool",
        "concat"
    })
    private String operation;

    private Engine engine;
    private Program program;

    @Setup
    public void compile() {
        engine = Engines.openOnCpu();
        List<ParameterSpec> specs = List.of(
                spec("x", true, IMAGES),
                spec("kernel3", true, Shape.of(CHANNELS, CHANNELS, 3, 3)),
                spec("kernel4", true, Shape.of(CHANNELS, CHANNELS, 4, 4)),
                spec("scale", true, Shape.of(CHANNELS)),
                spec("shift", true, Shape.of(CHANNELS)),
                spec("runningMean", false, Shape.of(CHANNELS)),
                spec("runningVariance", false, Shape.of(CHANNELS)));
        Variables variables = engine.allocate(specs);
        specs.forEach(spec ->
                variables.write(Variables.Kind.VALUE, spec.name(), Noise.gaussian(spec.shape(), 1, spec.name())));
        program = engine.compile(new OperationPhase(operation, variables, specs));
    }

    @TearDown
    public void close() {
        engine.close();
    }

    @Benchmark
    public Program.Results forward() {
        return program.run(Map.of());
    }

    @Benchmark
    public Program.Results forwardAndGradients() {
        return program.differentiate(Map.of());
    }

    private static ParameterSpec spec(String name, boolean trainable, Shape shape) {
        return new ParameterSpec(name, shape, Initializer.ZEROS, trainable);
    }

    private record OperationPhase(String operation, Variables variables, List<ParameterSpec> specs) implements Phase {

        @Override
        public String name() {
            return operation;
        }

        @Override
        public <T> Outputs<T> build(Graph<T> graph) {
            T result = graph.ops().mean(apply(graph.ops(), graph.trainable(variables)));
            return new Outputs<>(Map.of(Outputs.LOSS, result), Map.of());
        }

        private <T> T apply(Ops<T> ops, Parameters<T> parameters) {
            T x = parameter(parameters, "x");
            return switch (operation) {
                case "nothing" -> x;
                case "convolution3x3" -> ops.conv2d(x, kernel(parameters, "kernel3"), 1, 1);
                case "convolution4x4Halving" -> ops.conv2d(x, kernel(parameters, "kernel4"), 2, 1);
                case "transposedConvolution4x4" -> ops.convTranspose2d(x, kernel(parameters, "kernel4"), 2, 1);
                case "upsampledConvolution3x3" -> ops.upsampledConv2d(x, kernel(parameters, "kernel3"));
                case "instanceNorm" -> ops.instanceNorm(x, 1e-5);
                case "batchNorm" -> ops.batchNorm(x, norm(parameters), 1);
                case "relu" -> ops.leakyRelu(x, 0);
                case "leakyRelu" -> ops.leakyRelu(x, 0.2);
                case "tanh" -> ops.tanh(x);
                case "averagePool" -> ops.averagePool(x, 3, 2, 1);
                case "concat" -> ops.concat(1, List.of(x, x));
                default -> throw new IllegalArgumentException(operation);
            };
        }

        private <T> Filter<T> kernel(Parameters<T> parameters, String name) {
            return new Filter<>(parameter(parameters, name), Optional.empty());
        }

        private <T> BatchNorm<T> norm(Parameters<T> parameters) {
            return new BatchNorm<>(
                    parameter(parameters, "scale"),
                    parameter(parameters, "shift"),
                    parameter(parameters, "runningMean"),
                    parameter(parameters, "runningVariance"),
                    1e-5);
        }

        private <T> T parameter(Parameters<T> parameters, String name) {
            return parameters.get(specs.stream()
                    .filter(spec -> spec.name().equals(name))
                    .findFirst()
                    .orElseThrow());
        }
    }
}
