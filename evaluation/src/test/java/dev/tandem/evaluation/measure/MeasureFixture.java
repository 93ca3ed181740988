package dev.tandem.evaluation.measure;

import dev.tandem.evaluation.TestTensors;
import dev.tandem.evaluation.data.TestInput;
import dev.tandem.evaluation.data.Translations.Samples;
import dev.tandem.evaluation.report.Figure;
import dev.tandem.model.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Images and inputs shared by the tests of the measures. */
final class MeasureFixture {
    static final int SIDE = 16;
    static final Tensor BLACK = TestTensors.halfFilled(SIDE, -1, -1, -1);
    static final Tensor RED = TestTensors.halfFilled(SIDE, 1, -1, -1);
    static final Tensor BLUE = TestTensors.halfFilled(SIDE, -1, -1, 1);
    /** An input with two true Bs. */
    static final TestInput RED_OR_BLUE =
            new TestInput(List.of("one"), TestTensors.line(SIDE, 5), List.of(RED, BLUE), false);

    private MeasureFixture() {}

    static TestInput input(String name, Tensor... truths) {
        return new TestInput(List.of(name), BLACK, List.of(truths), false);
    }

    static Samples samples(Tensor... images) {
        return new Samples(Optional.empty(), Tensor.stack(List.of(images)));
    }

    static Map<String, Double> figures(Measure measure) {
        return measure.section().figures().stream().collect(Collectors.toMap(Figure::key, Figure::value));
    }
}
