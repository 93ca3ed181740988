package dev.tandem.model.conformance;

import dev.tandem.config.Settings;
import dev.tandem.model.Goldens;
import dev.tandem.model.TestSettings;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Sampler;
import dev.tandem.model.train.TrainStep;
import dev.tandem.model.train.TrainStep.RandomInputs;
import dev.tandem.model.train.Weights;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A model with the settings, initial weights and inputs of the goldens. */
record GoldenModel(Settings settings, Networks networks, Engine engine, Weights weights) implements AutoCloseable {

    /** Opens the model. It owns the engine. */
    static GoldenModel open(Engine engine, String... assignments) {
        Settings settings = settings(assignments);
        Networks networks = Networks.of(settings);
        Weights weights = Weights.initialised(engine, networks, 0);
        weights.members()
                .forEach((member, variables) -> variables
                        .specs()
                        .forEach(spec -> variables.write(
                                Kind.VALUE,
                                spec.name(),
                                Goldens.initialValue(member.key() + "." + spec.name(), spec.shape()))));
        return new GoldenModel(settings, networks, engine, weights);
    }

    /** The settings of {@code goldens.py}, and what a case changes. */
    private static Settings settings(String... assignments) {
        List<String> all = new ArrayList<>(List.of("model.width=2", "train.batch-size=4", "model.latent=3"));
        if (List.of(assignments).contains("model.preset=seed")) {
            all.addAll(List.of("model.image-size=64", "train.batch-size=3", "model.latent=2"));
        }
        if (List.of(assignments).contains("model.preset=tandem")) {
            all.add("model.generator.depth=3");
        }
        all.addAll(List.of(assignments));
        return TestSettings.tiny(all.toArray(String[]::new));
    }

    int batch() {
        return settings.train().batchSize();
    }

    TrainStep trainStep() {
        return new TrainStep(engine, networks, weights, settings, batch());
    }

    Sampler sampler() {
        return new Sampler(engine, networks, weights.of(Member.GENERATOR), weights.find(Member.ENCODER));
    }

    /**
     * The batch that a step of a preset trains with. {@code goldens.py} has batches whose results do not depend on rounding.
     *
     * @param step counted from 0
     */
    static String batchOfStep(int step, Map<String, Tensor> golden) {
        return Integer.toString((int) golden.get("first_batch").data()[0] + step);
    }

    /** The images A of a batch, or those of {@code sample}. */
    Tensor a(String batch) {
        return Goldens.uniform("a." + batch, networks.inputShape(batch()));
    }

    /** The images B of a batch, or those of {@code sample}. */
    Tensor b(String batch) {
        return Goldens.uniform("b." + batch, networks.outputShape(batch()));
    }

    /** What the discriminators see of images B: also the images A, in front of B, if they are conditional. */
    Tensor discriminatorInput(Tensor a, Tensor b) {
        if (!settings.model().discriminator().conditional()) {
            return b;
        }
        float[] both = new float[a.data().length + b.data().length];
        int sizeOfA = a.data().length / batch();
        int sizeOfB = b.data().length / batch();
        for (int i = 0; i < batch(); i++) {
            System.arraycopy(a.data(), i * sizeOfA, both, i * (sizeOfA + sizeOfB), sizeOfA);
            System.arraycopy(b.data(), i * sizeOfB, both, i * (sizeOfA + sizeOfB) + sizeOfA, sizeOfB);
        }
        return new Tensor(networks.discriminatorInputShape(batch()), both);
    }

    /** Values, or gradients of trainable parameters, by their names in checkpoints. */
    Map<String, Tensor> read(Kind kind) {
        Map<String, Tensor> tensors = new TreeMap<>();
        weights.members()
                .forEach((member, variables) -> variables.specs().stream()
                        .filter(spec -> kind == Kind.VALUE || spec.trainable())
                        .forEach(spec ->
                                tensors.put(member.key() + "." + spec.name(), variables.read(kind, spec.name()))));
        return tensors;
    }

    @Override
    public void close() {
        engine.close();
    }

    /** The random numbers of one batch by the formula of {@code goldens.py}. */
    record FormulaRandomInputs(String batch) implements RandomInputs {
        @Override
        public Tensor latent(String name, Shape shape) {
            return Goldens.latent(name + "." + batch, shape);
        }

        @Override
        public Tensor uniform(String name, Shape shape) {
            Tensor uniform = Goldens.uniform(name + "." + batch, shape);
            for (int i = 0; i < uniform.data().length; i++) {
                uniform.data()[i] = (uniform.data()[i] + 1) / 2;
            }
            return uniform;
        }

        @Override
        public Tensor mask(String name, Shape shape, double rate) {
            Tensor uniform = Goldens.uniform(name + "." + batch, shape);
            for (int i = 0; i < uniform.data().length; i++) {
                uniform.data()[i] = (uniform.data()[i] + 1) / 2 < rate ? 0 : (float) (1 / (1 - rate));
            }
            return uniform;
        }
    }
}
