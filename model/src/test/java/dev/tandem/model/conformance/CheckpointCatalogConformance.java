package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointCatalog;
import dev.tandem.model.checkpoint.CheckpointCatalog.Summary;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalog of a store's checkpoints: list, pin, open by name. */
public abstract class CheckpointCatalogConformance extends EngineConformance {
    @TempDir
    private Path folder;

    private CheckpointStore store;
    private BicycleGan model;

    protected CheckpointCatalogConformance(EngineUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @BeforeEach
    void open() {
        store = CheckpointStore.open(new CheckpointSettings(folder, 1, 2));
        model = freshModel(TestSettings.tiny());
    }

    @AfterEach
    void close() {
        model.close();
    }

    @Test
    void pin_oldCheckpoint_isNotRemoved() {
        trainAndSave(1);
        store.catalog().pin("step-0000000001", true);
        trainAndSave(4);

        assertThat(store.catalog().list())
                .extracting(Summary::name)
                .containsExactly("step-0000000005", "step-0000000004", "step-0000000001");
        assertThat(store.catalog().list()).extracting(Summary::pinned).containsExactly(false, false, true);
        assertThat(store.catalog().open("step-0000000001").step()).isEqualTo(1);

        store.catalog().pin("step-0000000001", false);
        trainAndSave(1);

        assertThat(store.catalog().list())
                .extracting(Summary::name)
                .containsExactly("step-0000000006", "step-0000000005");
    }

    @Test
    void pin_checkpointThatIsReplaced_staysPinned() {
        trainAndSave(1);
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
    void open_noCheckpointOfThatName_isUnknown(String name) throws IOException {
        Files.writeString(Files.createDirectory(folder.resolve(".unfinished-1")).resolve("state.json"), "{}");
        trainAndSave(1);

        assertThatThrownBy(() -> store.catalog().open(name))
                .isInstanceOf(CheckpointCatalog.UnknownCheckpointException.class)
                .hasMessage("there is no checkpoint called " + name);
    }

    @Test
    void open_crashWhileACheckpointWasReplaced_findsTheOldOne() throws IOException {
        trainAndSave(1);
        Files.move(folder.resolve("step-0000000001"), folder.resolve(".replaced-step-0000000001"));

        assertThat(CheckpointStore.open(new CheckpointSettings(folder, 1, 2)).newestValid())
                .map(Checkpoint::step)
                .hasValue(1L);
        assertThat(folder.resolve(".replaced-step-0000000001")).doesNotExist();
    }

    private void trainAndSave(int steps) {
        for (int i = 0; i < steps; i++) {
            trainOnNoise(model);
            model.save(store);
        }
    }
}
