package dev.tandem.model.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tandem.config.MemoryLimits;
import dev.tandem.config.Settings;
import dev.tandem.config.SettingsException;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointException;
import dev.tandem.model.engine.DeviceMemoryException;
import dev.tandem.model.engine.EngineOptions;
import dev.tandem.model.engine.InferenceEngine;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** The weights come from a checkpoint that is opened, followed or served; memory is freed when they are replaced. */
public abstract class InferenceCheckpointConformance extends InferenceConformance {
    private static final Settings SETTINGS = TestSettings.tiny("model.norm=batch");

    protected InferenceCheckpointConformance(InferenceUnderTest engineUnderTest) {
        super(engineUnderTest);
    }

    @Test
    void follow_nextCheckpoint_translatesLikeAModelOpenedWithIt() {
        Checkpoint first = checkpoint(SETTINGS, 1);
        Checkpoint second = checkpoint(SETTINGS, 2);
        try (BicycleGan model = freshModel(SETTINGS);
                BicycleGan expected = model(SETTINGS, second)) {
            assertThat(model.step()).isZero();
            model.follow(first);
            float[] before = translated(model);
            model.follow(second);

            assertThat(translated(model)).isEqualTo(translated(expected)).isNotEqualTo(before);
            assertThat(encoded(model)).isEqualTo(encoded(expected));
            assertThat(model.step()).isEqualTo(2);
            assertThat(model.pairs()).isEqualTo(second.pairs());
            assertThat(model.offsets()).isEqualTo(second.offsets());
            assertThat(model.origin()).hasValue(second.folder());
        }
    }

    @Test
    void follow_checkpointRemovedMeanwhile_keepsTheWeightsBefore() throws IOException {
        Checkpoint first = checkpoint(SETTINGS, 1);
        Checkpoint second = checkpoint(SETTINGS, 2);
        Files.delete(second.folder().resolve("model.safetensors"));
        try (BicycleGan model = model(SETTINGS, first)) {
            float[] before = translated(model);
            long bytes = model.memory().used();

            assertThatThrownBy(() -> model.follow(second)).isInstanceOf(CheckpointException.class);

            assertThat(translated(model)).isEqualTo(before);
            assertThat(model.step()).isEqualTo(1);
            assertThat(model.memory().used()).isEqualTo(bytes);
        }
    }

    /** The limit allows one set of weights, but the next one is loaded beside it. */
    @Test
    void follow_limitTooLow_isAboutMemoryAndKeepsTheWeightsBefore() {
        Settings settings = TestSettings.tiny("model.width=16");
        long bytes;
        try (BicycleGan model = freshModel(settings)) {
            bytes = model.memory().used();
        }
        InferenceEngine engine = engineUnderTest()
                .open(EngineOptions.on("limited")
                        .with(new MemoryLimits(OptionalLong.of(bytes * 3 / 2), OptionalLong.empty())));
        try (BicycleGan model = BicycleGan.translating(engine, settings, Optional.of(checkpoint(settings, 1)))) {
            float[] before = translated(model);
            Checkpoint second = checkpoint(settings, 2);

            assertThatThrownBy(() -> model.follow(second))
                    .isInstanceOf(DeviceMemoryException.class)
                    .hasMessageContaining("run.max-off-heap")
                    .hasMessageContaining("translate.batch-size");

            assertThat(translated(model)).isEqualTo(before);
            assertThat(model.step()).isEqualTo(1);
            assertThat(model.memory().used()).isEqualTo(bytes);
        }
    }

    @Test
    void serve_checkpointRemovedMeanwhile_keepsServingTheOneBefore() throws IOException {
        Checkpoint first = checkpoint(SETTINGS, 1);
        Checkpoint second = checkpoint(SETTINGS, 2);
        Checkpoint third = checkpoint(SETTINGS, 3);
        Files.delete(third.folder().resolve("model.safetensors"));
        try (BicycleGan model = model(SETTINGS, first)) {
            model.serve(second);
            float[] served = translated(model);
            long bytes = model.memory().used();

            assertThatThrownBy(() -> model.serve(third)).isInstanceOf(CheckpointException.class);

            assertThat(translated(model)).isEqualTo(served);
            assertThat(model.memory().used()).isEqualTo(bytes);
            model.serveLive();
            assertThat(model.memory().used()).isLessThan(bytes);
        }
    }

    /** A file that the library still uses could end the process. */
    @Test
    void translate_checkpointOverwrittenAfterOpening_isNotAffected() throws IOException {
        Checkpoint checkpoint = checkpoint(SETTINGS, 1);
        try (BicycleGan model = model(SETTINGS, checkpoint)) {
            float[] before = translated(model);

            Files.write(checkpoint.folder().resolve("model.safetensors"), new byte[0]);

            assertThat(translated(model)).isEqualTo(before);
        }
    }

    @Test
    void serve_checkpoint_translatesWithItUntilTheLiveModelIsSelected() {
        Checkpoint first = checkpoint(SETTINGS, 1);
        Checkpoint second = checkpoint(SETTINGS, 2);
        try (BicycleGan model = model(SETTINGS, first);
                BicycleGan expected = model(SETTINGS, second)) {
            float[] live = translated(model);
            long bytes = model.memory().used();

            model.serve(second);
            assertThat(translated(model)).isEqualTo(translated(expected));
            assertThat(model.preview(a(model), z(model)).data()).isEqualTo(live);
            assertThat(model.memory().used()).isGreaterThan(bytes);

            model.serveLive();
            assertThat(translated(model)).isEqualTo(live);
            assertThat(model.memory().used()).isEqualTo(bytes);
        }
    }

    @Test
    void open_averagedGenerator_translatesWithTheAverage() {
        Checkpoint checkpoint = checkpoint(TestSettings.tiny("train.ema-decay=0.9"), 1);
        Settings settings = TestSettings.tiny();
        try (BicycleGan model = model(settings, checkpoint);
                BicycleGan fresh = freshModel(settings)) {
            assertThat(checkpoint.networks()).contains(Checkpoint.AVERAGE);
            // The average of the checkpoint has the initial weights.
            assertThat(translated(model)).isEqualTo(translated(fresh));
        }
    }

    @Test
    void open_otherNetworks_isRejectedWithTheSettingThatDiffers() {
        Checkpoint wide = checkpoint(TestSettings.tiny("model.width=8"), 1);
        InferenceEngine engine = engineUnderTest().open();

        assertThatThrownBy(() -> BicycleGan.translating(engine, TestSettings.tiny(), Optional.of(wide)))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("other networks")
                .hasMessageContaining("model.width=8");
    }

    @Test
    void open_limitTooLow_namesTheSettingToChange() {
        InferenceEngine engine = engineUnderTest()
                .open(EngineOptions.on("limited")
                        .with(new MemoryLimits(OptionalLong.of(1 << 20), OptionalLong.empty())));

        assertThatThrownBy(() -> BicycleGan.translating(engine, TestSettings.tiny("model.width=32"), Optional.empty()))
                .isInstanceOf(DeviceMemoryException.class)
                .hasMessageContaining("run.max-off-heap");
        assertThat(engine.memory().used()).isZero();
    }

    @Test
    void bytes_modelIsClosed_isZero() {
        InferenceEngine engine = engineUnderTest().open();
        BicycleGan model = BicycleGan.translating(engine, SETTINGS, Optional.empty());
        assertThat(engine.memory().used()).isPositive().isEqualTo(model.memory().used());

        model.close();

        assertThat(engine.memory().used()).isZero();
    }

    private static float[] translated(BicycleGan model) {
        return model.translate(a(model), z(model)).data();
    }

    private static float[] encoded(BicycleGan model) {
        return model.encode(Noise.gaussian(model.outputShape(2), 7, "b")).data();
    }

    private static Tensor a(BicycleGan model) {
        return Noise.gaussian(model.inputShape(2), 7, "a");
    }

    private static Tensor z(BicycleGan model) {
        return Noise.gaussian(model.latentShape(2), 7, "z");
    }
}
