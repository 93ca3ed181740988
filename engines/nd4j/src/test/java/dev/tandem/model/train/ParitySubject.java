package dev.tandem.model.train;

import dev.tandem.config.Settings;
import dev.tandem.model.Goldens;
import dev.tandem.model.TestSettings;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.engine.Variables.Kind;
import dev.tandem.model.network.Networks;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.TrainStep.RandomInputs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A model with the goldens' first weights. */
final class ParitySubject implements AutoCloseable {
    final Settings settings;
    final Networks networks;
    final Engine engine;
    final Weights weights;

    ParitySubject(Settings settings) {
        this.settings = settings;
        this.networks = Networks.of(settings);
        this.engine = Engines.open(settings.model().device());
        this.weights = Weights.initialised(engine, networks, 0);
        weights.members()
                .forEach((member, variables) -> variables
                        .specs()
                        .forEach(spec -> variables.write(
                                Kind.VALUE,
                                spec.name(),
                                Goldens.firstValue(member.key() + "." + spec.name(), spec.shape()))));
    }

    int batch() {
        return settings.train().batchSize();
    }

    TrainStep trainStep() {
        return new TrainStep(engine, networks, weights, settings, batch());
    }

    Tensor a(String number) {
        return Goldens.uniform("a." + number, networks.inputs(batch()));
    }

    Tensor b(String number) {
        return Goldens.uniform("b." + number, networks.outputs(batch()));
    }

    /** Parameters or gradients by their names in checkpoints. */
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

    /** The settings the goldens were made with, and what a case changes. */
    static Settings tiny(String... assignments) {
        List<String> all = new ArrayList<>(List.of("model.width=2", "train.batch-size=4", "model.latent=3"));
        for (String assignment : assignments) {
            if (assignment.equals("model.preset=seed")) {
                all.addAll(List.of("model.image-size=64", "train.batch-size=3", "model.latent=2"));
            }
        }
        all.addAll(List.of(assignments));
        return TestSettings.tiny(all.toArray(String[]::new));
    }

    /** Draws by the goldens' formula. */
    record FormulaDraws(String step) implements RandomInputs {
        @Override
        public Tensor latent(String name, Shape shape) {
            Tensor uniform = Goldens.uniform(name + "." + step, shape);
            for (int i = 0; i < uniform.data().length; i++) {
                uniform.data()[i] *= 2;
            }
            return uniform;
        }

        @Override
        public Tensor mask(String name, Shape shape, double share) {
            Tensor uniform = Goldens.uniform(name + "." + step, shape);
            for (int i = 0; i < uniform.data().length; i++) {
                uniform.data()[i] = (uniform.data()[i] + 1) / 2 < share ? 0 : (float) (1 / (1 - share));
            }
            return uniform;
        }
    }
}
