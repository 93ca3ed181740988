package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.config.TrainSettings.GanMode;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Graph;
import dev.tandem.model.engine.Phase;
import dev.tandem.model.engine.Program;
import dev.tandem.model.loss.Losses;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The loss terms, compared with values calculated by hand. */
public abstract class LossesConformance extends EngineConformance {

    protected LossesConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    private record AllTerms() implements Phase {
        @Override
        public String name() {
            return "terms";
        }

        @Override
        public <T> Outputs<T> build(Graph<T> graph) {
            Losses<T> losses = new Losses<>(graph.ops());
            T fine = graph.input("fine", Shape.of(1, 1, 1, 2));
            T coarse = graph.input("coarse", Shape.of(1, 1, 1, 1));
            T mu = graph.input("mu", Shape.of(2, 2));
            T logVariance = graph.input("logVariance", Shape.of(2, 2));
            return new Outputs<>(
                    Map.of(
                            "real", losses.adversarial(GanMode.LSGAN, List.of(fine, coarse), true),
                            "fake", losses.adversarial(GanMode.LSGAN, List.of(fine, coarse), false),
                            "realWasserstein", losses.adversarial(GanMode.WGANGP, List.of(fine, coarse), true),
                            "fakeWasserstein", losses.adversarial(GanMode.WGANGP, List.of(fine, coarse), false),
                            "realVanilla", losses.adversarial(GanMode.VANILLA, List.of(fine, coarse), true),
                            "fakeVanilla", losses.adversarial(GanMode.VANILLA, List.of(fine, coarse), false),
                            "kl", losses.kl(mu, logVariance),
                            "l1", losses.l1(mu, logVariance)),
                    Map.of());
        }
    }

    @Test
    void terms_knownInputs_matchTheFormulas() {
        try (Engine engine = engineUnderTest().openDoublePrecision()) {
            Program.Results terms = engine.compile(new AllTerms())
                    .run(Map.of(
                            "fine", Tensor.of(Shape.of(1, 1, 1, 2), 0.5f, 2),
                            "coarse", Tensor.of(Shape.of(1, 1, 1, 1), -1),
                            "mu", Tensor.of(Shape.of(2, 2), 1, 0, 0, -2),
                            "logVariance", Tensor.of(Shape.of(2, 2), 0, 1, 0, 0)));

            // The mean over each scale, summed over the scales.
            assertThat(terms.term("real")).isCloseTo((0.25 + 1) / 2 + 4, within(1e-9));
            assertThat(terms.term("fake")).isCloseTo((0.25 + 4) / 2 + 1, within(1e-9));
            assertThat(terms.term("realWasserstein")).isCloseTo(-1.25 + 1, within(1e-9));
            assertThat(terms.term("fakeWasserstein")).isCloseTo(1.25 - 1, within(1e-9));
            assertThat(terms.term("realVanilla"))
                    .isCloseTo(
                            (Math.log1p(Math.exp(-0.5)) + Math.log1p(Math.exp(-2))) / 2 + Math.log1p(Math.E),
                            within(1e-7));
            assertThat(terms.term("fakeVanilla"))
                    .isCloseTo(
                            (Math.log1p(Math.exp(0.5)) + Math.log1p(Math.exp(2))) / 2 + Math.log1p(1 / Math.E),
                            within(1e-7));
            // Image 1: 0.5 (1 + e - 1 - 1); image 2: 0.5 (4); the mean over both images.
            assertThat(terms.term("kl")).isCloseTo((0.5 * (1 + Math.E - 2) + 2) / 2, within(1e-9));
            assertThat(terms.term("l1")).isCloseTo((1 + 1 + 0 + 2) / 4.0, within(1e-9));
        }
    }
}
