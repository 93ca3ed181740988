package dev.tandem.evaluation.feature;

import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Initializer;
import dev.tandem.model.engine.Ops;
import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.engine.ParameterSpec;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Chunks;
import dev.tandem.model.train.Noise;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A convolutional network with fixed random weights. It needs no download. It detects colours, edges and textures, but not
 * objects.
 *
 * <p>The network has three 3x3 convolutions with stride 2 and leaky ReLU. Weights (after He et al.) and biases come from a
 * fixed seed. Features are the spatial means of all maps. The distance is that of LPIPS without trained weights (Zhang et
 * al., CVPR 2018): maps are normalized over channels, and squared differences are averaged over positions and summed over
 * layers.
 */
public final class RandomNetwork implements Features, PerceptualDistance {
    private static final long SEED = 1711_11586L;
    private static final int[] WIDTHS = {16, 32, 64};
    private static final double NEGATIVE_SLOPE = 0.2;
    /** Without biases, an image and a paler copy would have maps of the same direction and thus no distance. */
    private static final Initializer BIAS = Initializer.normal(0, 0.5);

    /** Avoids a division by zero where all maps are zero. */
    private static final double EPSILON = 1e-10;

    private final Engine engine;
    private final int channels;
    private final Variables weights;
    private final Map<Shape, Program> programs = new HashMap<>();

    /**
     * Opens a network on the CPU.
     *
     * @param channels number of channels of the images
     */
    public RandomNetwork(int channels) {
        this.engine = Engines.openOnCpu();
        this.channels = channels;
        List<ParameterSpec> specs = specs();
        this.weights = engine.allocateConstant(specs);
        specs.forEach(spec -> weights.write(
                Kind.VALUE, spec.name(), spec.initializer().draw(spec.shape(), Noise.generator(SEED, spec.name()))));
    }

    @Override
    public String name() {
        return "random convolutions (seed " + SEED + ", " + IntStream.of(WIDTHS).sum()
                + " features), at the images' own size";
    }

    @Override
    public double[][] extract(Tensor images) {
        double[][] features = new double[images.shape().batch()][];
        Chunks.forEach(features.length, (from, to) -> {
            Map<String, Tensor> results = run(images.rows(from, to));
            for (int i = from; i < to; i++) {
                features[i] = means(results, i - from);
            }
        });
        return features;
    }

    @Override
    public double[] between(Tensor a, Tensor b) {
        double[] distances = new double[a.shape().batch()];
        Chunks.forEach(distances.length, (from, to) -> {
            Map<String, Tensor> first = run(a.rows(from, to));
            Map<String, Tensor> second = run(b.rows(from, to));
            for (int i = from; i < to; i++) {
                distances[i] = distance(first, second, i - from);
            }
        });
        return distances;
    }

    @Override
    public void close() {
        engine.close();
    }

    /** Copies the results from the device: the next run overwrites them there. */
    private Map<String, Tensor> run(Tensor images) {
        Map<String, Tensor> results = new HashMap<>();
        programs.computeIfAbsent(images.shape(), shape -> engine.compile(new FeaturePhase(weights, specs(), shape)))
                .run(Map.of("images", images))
                .tensors()
                .forEach((name, tensor) -> results.put(name, tensor.read()));
        return results;
    }

    private List<ParameterSpec> specs() {
        List<ParameterSpec> specs = new ArrayList<>();
        int in = channels;
        for (int layer = 0; layer < WIDTHS.length; layer++) {
            specs.add(new ParameterSpec(
                    "weight" + layer, Shape.of(WIDTHS[layer], in, 3, 3), Initializer.kaimingNormal(), false));
            specs.add(new ParameterSpec("bias" + layer, Shape.of(WIDTHS[layer]), BIAS, false));
            in = WIDTHS[layer];
        }
        return specs;
    }

    private static double[] means(Map<String, Tensor> results, int image) {
        return IntStream.range(0, WIDTHS.length)
                .mapToObj(layer ->
                        results.get("means" + layer).rows(image, image + 1).data())
                .flatMapToDouble(row -> IntStream.range(0, row.length).mapToDouble(i -> row[i]))
                .toArray();
    }

    private static double distance(Map<String, Tensor> a, Map<String, Tensor> b, int image) {
        return IntStream.range(0, WIDTHS.length)
                .mapToDouble(layer -> distance(
                        a.get("maps" + layer).rows(image, image + 1),
                        b.get("maps" + layer).rows(image, image + 1)))
                .sum();
    }

    private static double distance(Tensor a, Tensor b) {
        int area = a.shape().height() * a.shape().width();
        double sum = 0;
        for (int position = 0; position < area; position++) {
            double lengthA = length(a, position, area);
            double lengthB = length(b, position, area);
            for (int i = position; i < a.data().length; i += area) {
                double difference = a.data()[i] / lengthA - b.data()[i] / lengthB;
                sum += difference * difference;
            }
        }
        return sum / area;
    }

    private static double length(Tensor maps, int position, int area) {
        double squares = EPSILON;
        for (int i = position; i < maps.data().length; i += area) {
            squares += maps.data()[i] * maps.data()[i];
        }
        return Math.sqrt(squares);
    }

    private record FeaturePhase(Variables weights, List<ParameterSpec> specs, Shape shape) implements Phase {
        @Override
        public String name() {
            return "features";
        }

        @Override
        public <T> Outputs<T> build(Graph<T> graph) {
            Ops<T> ops = graph.ops();
            Map<String, T> outputs = new HashMap<>();
            T x = graph.input("images", shape);
            for (int layer = 0; layer < WIDTHS.length; layer++) {
                T weight = graph.frozen(weights).get(specs.get(2 * layer));
                T bias = graph.frozen(weights).get(specs.get(2 * layer + 1));
                x = ops.leakyRelu(ops.conv2d(x, new Filter<>(weight, Optional.of(bias)), 2, 1), NEGATIVE_SLOPE);
                outputs.put("maps" + layer, x);
                outputs.put("means" + layer, ops.spatialMean(x));
            }
            return new Outputs<>(Map.of(), outputs);
        }
    }
}
