package dev.tandem.app;

import static dev.tandem.testkit.stream.TestRecords.pairs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.Settings;
import dev.tandem.config.SettingsLoader;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.engine.Engine;
import dev.tandem.model.engine.Engines;
import dev.tandem.testkit.process.TandemProcess;
import dev.tandem.testkit.stream.BrokerTest;
import dev.tandem.testkit.stream.RunResult;
import dev.tandem.testkit.stream.TestRun;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A run whose model needs more memory than it may use, and the next run, which may use more. */
class MemoryLimitIT extends BrokerTest {
    private static final String[] MODEL = {"model.image-size=32", "model.width=8", "train.batch-size=4"};
    private static final long LESS_THAN_A_STEP = 100_000;

    @Test
    void run_noMemoryForAStep_endsWithOneLineAndTheNextRunTrainsOnAllPairs() {
        kafka.produce(pairs("tight-pairs", 8));
        TestRun run = runs.run("tight").set(MODEL);

        try (TandemProcess tight =
                run.set("run.max-off-heap=" + (weights() + LESS_THAN_A_STEP)).start()) {
            assertThat(tight.exitCode()).isEqualTo(1);
            assertThat(tight.err().lines().filter(line -> line.contains("MiB outside the heap")))
                    .singleElement()
                    .asString()
                    .startsWith(
                            "tandem: training with batch size 4 and image size 32 failed: the model needs more than")
                    .endsWith("; raise it, or lower train.batch-size, model.image-size or model.width");
        }

        RunResult result = run.stopAfterPairs(8).complete();
        assertThat(result.pairsTrained()).isEqualTo(8);
        assertThat(result.nextOffset("tight-pairs-0")).isEqualTo(8);
    }

    /** Memory of the weights, in bytes. */
    private static long weights() {
        Settings settings = SettingsLoader.load(Optional.empty(), List.of(MODEL));
        try (Engine engine = Engines.open(settings.model())) {
            BicycleGan.fresh(engine, settings);
            return engine.memory().used();
        }
    }
}
