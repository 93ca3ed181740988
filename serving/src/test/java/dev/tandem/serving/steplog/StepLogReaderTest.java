package dev.tandem.serving.steplog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StepLogReaderTest {
    private static final String LOSSES =
            "\"losses\":{\"gan\":1,\"ganLr\":2,\"l1\":0.25,\"kl\":4,\"latent\":5,\"dVae\":6,\"dLr\":7}";

    @TempDir
    private Path folder;

    @Test
    void read_logOfCrashedRun_returnsStepsUpToTheCheckpoint() throws IOException {
        Path log = folder.resolve("steps.jsonl");
        Files.write(
                log,
                List.of(
                        "{\"step\":1,\"pairs\":8," + LOSSES + ",\"diversity\":0.5,\"validation\":{\"nearestL1\":0.25}}",
                        "{\"step\":1,\"pairs\":8,\"notTaken\":\"a loss is not finite\"}",
                        "{\"step\":2,\"pairs\":16," + LOSSES + "}",
                        "{\"step\":3,\"pairs\":24," + LOSSES + "}",
                        "{\"step\":4,\"pa"));
        List<LossPoint> points = new ArrayList<>();

        StepLogReader.read(log, 2, points::add);

        assertThat(points).extracting(LossPoint::step).containsExactly(1L, 2L);
        assertThat(points.get(0).diversity()).hasValue(0.5);
        assertThat(points.get(1).losses().l1()).isEqualTo(0.25);
        assertThat(points.get(1).diversity()).isEmpty();
        assertThat(points.get(0).heldOutL1()).hasValue(0.25);
        assertThat(points.get(1).heldOutL1()).isEmpty();
    }

    @Test
    void read_noLog_returnsNothing() {
        List<LossPoint> points = new ArrayList<>();

        StepLogReader.read(folder.resolve("none"), 9, points::add);

        assertThat(points).isEmpty();
    }
}
