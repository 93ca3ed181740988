package dev.tandem.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tandem.testkit.TandemProcess;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** That the measurements measure; what they come to is in docs/reference/performance.md. */
class BenchIT {
    @TempDir
    private Path folder;

    @Test
    void step_smallModel_timesEveryStep() {
        JsonNode figures = bench("step", "--size", "32", "--set", "model.width=4", "--batch", "2");

        assertThat(figures.path("batch").asInt()).isEqualTo(2);
        assertThat(figures.path("imageSize").asText()).isEqualTo("32");
        assertThat(figures.path("residentAfterMiB").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(figures.path("peakMiB").asDouble());
        assertInOrder(figures);
    }

    @Test
    void generate_smallModel_timesTheGenerator() {
        JsonNode figures =
                bench("generate", "--preset", "seed", "--size", "128", "--set", "model.width=2", "--batch", "3");

        assertThat(figures.path("preset").asText()).isEqualTo("SEED");
        assertThat(figures.path("batch").asInt()).isEqualTo(3);
        assertInOrder(figures);
    }

    @Test
    void decode_folderOfPairs_timesAllOfThem() {
        try (TandemProcess drawing =
                TandemProcess.run("dataset", "shapes", "--size", "32", "--limit", "9", "--out", folder.toString())) {
            assertThat(drawing.exitCode()).as(drawing.err()).isZero();
        }

        JsonNode figures = bench("decode", "--size", "32", "--data", folder.toString());

        assertThat(figures.path("files").asInt()).isEqualTo(9);
        assertInOrder(figures);
    }

    @Test
    void stream_smallModel_timesPairsAndRequests() {
        JsonNode figures = bench("stream", "--size", "32", "--set", "model.width=4");

        assertThat(figures.path("pairsPerSecond").asDouble()).isPositive();
        assertThat(figures.path("modelIdle").asDouble()).isBetween(0.0, 1.0);
        assertThat(figures.path("requestMedianMillis").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(figures.path("request95thMillis").asDouble());
        assertThat(figures.path("requestWhileLearningMedianMillis").asDouble()).isPositive();
    }

    private static JsonNode bench(String... arguments) {
        List<String> all = new ArrayList<>(List.of("bench"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--runs", "3", "--warm-up", "1", "--json"));
        try (TandemProcess bench = TandemProcess.run(all.toArray(String[]::new))) {
            assertThat(bench.exitCode()).as(bench.err()).isZero();
            return bench.json();
        }
    }

    private static void assertInOrder(JsonNode figures) {
        assertThat(figures.path("minMillis").asDouble())
                .isPositive()
                .isLessThanOrEqualTo(figures.path("medianMillis").asDouble());
        assertThat(figures.path("medianMillis").asDouble())
                .isLessThanOrEqualTo(figures.path("maxMillis").asDouble());
    }
}
