package dev.tandem.model.train;

import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Program;
import dev.tandem.model.engine.Variables;
import dev.tandem.model.network.Networks;
import dev.tandem.model.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Translates and encodes in chunks of a few fixed sizes, so that any number of images needs few programs. */
public final class Sampler {
    private static final int LARGEST_CHUNK = 16;

    private final Engine engine;
    private final Networks networks;
    private final Variables generator;
    private final Optional<Variables> encoder;
    private final Map<Integer, Program> sample = new HashMap<>();
    private final Map<Integer, Program> encode = new HashMap<>();

    public Sampler(Engine engine, Networks networks, Variables generator, Optional<Variables> encoder) {
        this.engine = engine;
        this.networks = networks;
        this.generator = generator;
        this.encoder = encoder;
    }

    public Tensor translate(Tensor a, Tensor z) {
        List<Tensor> parts = new ArrayList<>();
        forChunks(
                a.shape().batch(),
                (from, to) -> parts.add(sample.computeIfAbsent(
                                to - from, size -> engine.compile(new SamplePhase(networks, generator, size)))
                        .run(inputs(a.rows(from, to), z.rows(from, to)))
                        .tensor("b")));
        return Tensor.stack(parts);
    }

    /**
     * The means of the encoder's Gaussians.
     *
     * @throws IllegalStateException if the model has no encoder
     */
    public Tensor encode(Tensor b) {
        Variables variables = encoder.orElseThrow(() -> new IllegalStateException("the model has no encoder"));
        List<Tensor> parts = new ArrayList<>();
        forChunks(
                b.shape().batch(),
                (from, to) -> parts.add(encode.computeIfAbsent(
                                to - from, size -> engine.compile(new EncodePhase(networks, variables, size)))
                        .run(Map.of("b", b.rows(from, to)))
                        .tensor("mu")));
        return Tensor.stack(parts);
    }

    /**
     * How much translations of the same image differ.
     *
     * @param a (N, C, H, W)
     * @param z (samples, L), the same for every image
     */
    public double diversity(Tensor a, Tensor z) {
        int samples = z.shape().batch();
        double sum = 0;
        for (int i = 0; i < a.shape().batch(); i++) {
            Tensor image = a.rows(i, i + 1);
            sum += Diversity.of(translate(Tensor.stack(Collections.nCopies(samples, image)), z));
        }
        return sum / a.shape().batch();
    }

    private Map<String, Tensor> inputs(Tensor a, Tensor z) {
        return networks.settings().latent() > 0 ? Map.of("a", a, "z", z) : Map.of("a", a);
    }

    private interface Chunk {
        void take(int from, int to);
    }

    /** Powers of two, the largest first: 21 images are 16, 4 and 1. */
    private static void forChunks(int count, Chunk chunk) {
        for (int from = 0; from < count; ) {
            int size = Math.min(LARGEST_CHUNK, Integer.highestOneBit(count - from));
            chunk.take(from, from + size);
            from += size;
        }
    }
}
