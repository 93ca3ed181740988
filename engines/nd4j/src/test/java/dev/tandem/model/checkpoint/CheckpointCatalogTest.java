package dev.tandem.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.CheckpointCatalog.Listed;
import dev.tandem.model.engine.Engines;
import dev.tandem.model.train.Noise;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointCatalogTest {
    @TempDir
    private Path folder;

    private CheckpointStore store;
    private BicycleGan model;

    @BeforeEach
    void open() {
        Settings settings = TestSettings.tiny();
        store = CheckpointStore.open(new CheckpointSettings(folder, 1, 2));
        model = BicycleGan.fresh(Engines.open(settings.model().device()), settings);
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void pin_oldCheckpoint_staysBesideThoseThatAreKept() {
        save(1);
        store.catalog().pin("step-0000000001", true);
        save(4);

        assertThat(store.catalog().list())
                .extracting(Listed::name)
                .containsExactly("step-0000000005", "step-0000000004", "step-0000000001");
        assertThat(store.catalog().list()).extracting(Listed::pinned).containsExactly(false, false, true);
        assertThat(store.catalog().open("step-0000000001").step()).isEqualTo(1);

        store.catalog().pin("step-0000000001", false);
        save(1);

        assertThat(store.catalog().list())
                .extracting(Listed::name)
                .containsExactly("step-0000000006", "step-0000000005");
    }

    @Test
    void pin_checkpointThatIsReplaced_staysPinned() {
        save(1);
        store.catalog().pin("step-0000000001", true);
        model.skip(3, Offsets.NONE);
        model.save(store);

        assertThat(store.catalog().list()).singleElement().satisfies(listed -> {
            assertThat(listed.pinned()).isTrue();
            assertThat(listed.pairs()).isEqualTo(5);
            assertThat(listed.bytes()).isPositive();
        });
    }

    @ParameterizedTest
    @ValueSource(strings = {"step-0000000009", "..", ".", "", "../other", "/etc", ".unfinished-1"})
    void open_nameOfNone_isUnknown(String name) throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve(".unfinished-1")).resolve("state.json"), "{}");
        save(1);

        assertThatThrownBy(() -> store.catalog().open(name))
                .isInstanceOf(CheckpointCatalog.Unknown.class)
                .hasMessage("there is no checkpoint called " + name);
    }

    @Test
    void open_crashWhileACheckpointWasReplaced_findsTheOldOne() throws IOException {
        save(1);
        Files.move(folder.resolve("step-0000000001"), folder.resolve(".replaced-step-0000000001"));

        assertThat(CheckpointStore.open(new CheckpointSettings(folder, 1, 2)).latest())
                .map(Checkpoint::step)
                .hasValue(1L);
        assertThat(folder.resolve(".replaced-step-0000000001")).doesNotExist();
    }

    private void save(int steps) {
        for (int i = 0; i < steps; i++) {
            model.train(
                    Noise.gaussian(model.inputs(2), model.step(), "a"),
                    Noise.gaussian(model.outputs(2), model.step(), "b"),
                    Offsets.NONE);
            model.save(store);
        }
    }
}
