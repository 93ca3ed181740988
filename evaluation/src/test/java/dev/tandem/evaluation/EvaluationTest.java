package dev.tandem.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tandem.config.Settings;
import dev.tandem.datasets.files.ImageFiles;
import dev.tandem.datasets.files.InvalidFiles;
import dev.tandem.evaluation.data.TestInput;
import dev.tandem.evaluation.data.TestSet;
import dev.tandem.evaluation.data.TestSetReader;
import dev.tandem.evaluation.data.Translations;
import dev.tandem.evaluation.feature.RandomNetwork;
import dev.tandem.evaluation.report.Report;
import dev.tandem.evaluation.report.ReportWriter;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Evaluates true Bs as if they were translations, with an untrained encoder. The keys of the report are a contract. */
class EvaluationTest {
    private static final int INPUTS = 20;
    private static final int SAMPLES = 3;

    @TempDir
    private Path out;

    private final AtomicInteger evaluated = new AtomicInteger();

    @Test
    void run_modelWithEncoder_writesAllSectionsOfTheReport() throws IOException {
        new ReportWriter(out).write(evaluate());

        JsonNode json = new ObjectMapper().readTree(out.resolve("report.json").toFile());
        assertThat(evaluated).hasValue(INPUTS);
        assertThat(keys(json))
                .containsExactly(
                        "translations",
                        "data",
                        "inputs",
                        "samples",
                        "faithful",
                        "diverse",
                        "realistic",
                        "covers",
                        "invertible");
        assertThat(keys(json.path("faithful")))
                .containsExactly(
                        "reconstructionL1",
                        "reconstructionSsim",
                        "nearestL1",
                        "nearestSsim",
                        "outlineRecall",
                        "outlineRecallOfTruth",
                        "edgeRecall",
                        "edgeRecallOfTruth",
                        "edgePrecision",
                        "edgePrecisionOfTruth");
        assertThat(keys(json.path("diverse")))
                .containsExactly(
                        "pixel",
                        "perceptual",
                        "pixelWhereSeveral",
                        "perceptualWhereSeveral",
                        "pixelOfTruths",
                        "perceptualOfTruths",
                        "pixelOfOthers",
                        "perceptualOfOthers",
                        "network",
                        "pairs");
        assertThat(keys(json.path("realistic")))
                .containsExactly(
                        "kernelDistance",
                        "frechetDistance",
                        "precision",
                        "recall",
                        "network",
                        "library",
                        "truePictures",
                        "samples",
                        "draws");
        assertThat(keys(json.path("covers")))
                .containsExactly(
                        "coverage",
                        "coverageOfTruth",
                        "distance",
                        "distanceOfTruth",
                        "nearNone",
                        "inputs",
                        "inputsOf12");
        assertThat(keys(json.path("invertible")))
                .contains("latentL1", "latentL1OfNothing", "activeDimensions", "kl1", "kl8");
    }

    @Test
    void write_report_hasAPageTheImagesAndTheContactSheet() {
        new ReportWriter(out).write(evaluate());

        assertThat(out.resolve("report.html"))
                .content()
                .contains(
                        "Faithfulness: ",
                        "Diversity: ",
                        "Realism: ",
                        "Coverage: ",
                        "Invertibility: ",
                        "covers.coverage");
        assertThat(out.resolve("contact-sheet.png")).isNotEmptyFile();
        // Sixteen rows with the input, the truth, the reconstruction and the samples.
        assertThat(ImageFiles.find(List.of(out.resolve("pictures")))).hasSize(16 * (3 + SAMPLES));
    }

    private Report evaluate() {
        Settings settings = TestSettings.tiny();
        TestSet set = new TestSetReader(settings, new InvalidFiles(false, line -> {}, ""))
                .read("shapes")
                .subset(INPUTS);
        try (BicycleGan model = BicycleGan.fresh(Engines.open(settings.model()), settings);
                RandomNetwork network = new RandomNetwork(settings.model().outputChannels())) {
            return new Evaluation(
                            set, new TruthTranslations(settings.model().latent()), Optional.of(model), network, network)
                    .run(evaluated::incrementAndGet);
        }
    }

    /** Returns true Bs and random latents. */
    private record TruthTranslations(int latentLength) implements Translations {
        @Override
        public String origin() {
            return "the true Bs";
        }

        @Override
        public int samples() {
            return SAMPLES;
        }

        @Override
        public Samples of(TestInput input) {
            Tensor z = Noise.gaussian(Shape.of(SAMPLES, latentLength), 0, input.name());
            return new Samples(Optional.of(z), Tensor.stack(input.truths().subList(0, SAMPLES)));
        }
    }

    private static List<String> keys(JsonNode object) {
        List<String> keys = new ArrayList<>();
        object.fieldNames().forEachRemaining(keys::add);
        return keys;
    }
}
