package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.testkit.process.TandemProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every benchmark measures something plausible. docs/reference/performance.md has the results. */
class BenchIT {
    @TempDir
    private Path folder;

    @Test
    void step_smallModel_measuresEveryStep() {
        JsonNode figures = bench("step", "--size", "32", "--set", "model.width=4", "--batch", "2");

        assertThat(figures.path("batch").asInt()).isEqualTo(2);
        assertThat(figures.path("imageSize").asText()).isEqualTo("32");
        assertThat(figures.path("residentAfterMiB").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(figures.path("peakMiB").asDouble());
        assertPlausible(figures);
    }

    @Test
    void generate_smallModel_measuresTheGenerator() {
        JsonNode figures =
                bench("generate", "--preset", "seed", "--size", "128", "--set", "model.width=2", "--batch", "3");

        assertThat(figures.path("preset").asText()).isEqualTo("SEED");
        assertThat(figures.path("batch").asInt()).isEqualTo(3);
        assertPlausible(figures);
    }

    @Test
    void generate_onnxRuntime_measuresItsRuns() {
        JsonNode figures =
                bench("generate", "--engine", "onnxruntime", "--size", "32", "--set", "model.width=2", "--profile");

        assertThat(figures.path("device").asText()).contains("with engine onnxruntime");
        assertThat(figures.path("operationMillis").path("Run").asDouble()).isPositive();
        assertPlausible(figures);
    }

    @Test
    void decode_folderOfPairs_measuresAllFiles() {
        try (TandemProcess dataset =
                TandemProcess.run("dataset", "shapes", "--size", "32", "--limit", "9", "--out", folder.toString())) {
            dataset.assertSuccess();
        }

        JsonNode figures = bench("decode", "--size", "32", "--data", folder.toString());

        assertThat(figures.path("files").asInt()).isEqualTo(9);
        assertPlausible(figures);
    }

    @Test
    void stream_smallModel_measuresPairsAndRequests() {
        JsonNode figures = bench("stream", "--size", "32", "--set", "model.width=4");

        assertThat(figures.path("pairsPerSecond").asDouble()).isPositive();
        assertThat(figures.path("modelIdle").asDouble()).isBetween(0.0, 1.0);
        assertThat(figures.path("requestMedianMillis").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(figures.path("request95thMillis").asDouble());
        assertThat(figures.path("requestWhileLearningMedianMillis").asDouble()).isPositive();
    }

    @Test
    void stream_fakeStep_measuresASimulatedModel() {
        JsonNode figures = bench("stream", "--size", "32", "--set", "train.batch-size=2", "--fake-step", "1");

        assertThat(figures.path("steps").asInt()).isEqualTo(600);
        assertThat(figures.path("modelIdle").asDouble()).isBetween(0.0, 1.0);
        assertThat(figures.path("pairsPerSecond").asDouble()).isPositive();
        assertThat(figures.path("decodeMillisPerPair").asDouble()).isPositive();
        assertThat(figures.path("coresNeeded").asDouble())
                .isCloseTo(figures.path("decodeMillisPerPair").asDouble() * 2, within(0.01));
        assertThat(figures.path("decodeParallelism").asInt()).isPositive();
        assertThat(figures.path("result").asText()).isNotEmpty();
    }

    private static JsonNode bench(String... arguments) {
        List<String> all = new ArrayList<>(List.of("bench"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--runs", "3", "--warm-up", "1", "--json"));
        try (TandemProcess bench = TandemProcess.run(all.toArray(String[]::new))) {
            bench.assertSuccess();
            return bench.json();
        }
    }

    /** Minimum, median and maximum must be positive and in this order. */
    private static void assertPlausible(JsonNode figures) {
        assertThat(figures.path("minMillis").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(figures.path("medianMillis").asDouble());
        assertThat(figures.path("medianMillis").asDouble())
                .isLessThanOrEqualTo(figures.path("maxMillis").asDouble());
    }
}
