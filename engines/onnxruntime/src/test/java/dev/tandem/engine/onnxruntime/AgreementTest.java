package dev.tandem.engine.onnxruntime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.config.CheckpointSettings;
import dev.tandem.config.Settings;
import dev.tandem.model.BicycleGan;
import dev.tandem.model.Models;
import dev.tandem.model.TestSettings;
import dev.tandem.model.checkpoint.Checkpoint;
import dev.tandem.model.checkpoint.CheckpointStore;
import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.network.Networks;
import dev.tandem.model.network.Networks.Member;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checkpoints of the training engine, translated by it and by ONNX Runtime. */
class AgreementTest {
    private static final float ONE_LEVEL = 2f / 255;
    private static final float LATENT_TOLERANCE = 1e-4f;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train.ema-decay=0",
                "train.ema-decay=0.9",
                "model.generator.latent-injection=input model.generator.upsample=bilinear model.generator.activation=elu",
                "model.norm=batch model.generator.activation=lrelu model.encoder.type=conv train.ema-decay=0.9",
                "model.norm=none model.image-size=32x64 model.input-channels=1 model.output-channels=4",
                "model.latent=0",
                "model.width=16",
                "model.preset=tandem",
                "model.norm=group model.width=12",
                "model.preset=seed model.image-size=64"
            })
    void translate_checkpointOfTheTrainingEngine_agreesWithinOneLevel(String assignments) {
        Settings settings = settings(assignments + " train.init.type=kaiming train.learning-rate=1e-3");
        Checkpoint checkpoint = train(settings, 3);
        try (BicycleGan expected = open(settings, "model", checkpoint);
                BicycleGan actual = open(settings, "onnxruntime", checkpoint)) {
            Tensor a = Noise.gaussian(expected.inputShape(3), 7, "a");
            Tensor z = Noise.gaussian(expected.latentShape(3), 7, "z");

            assertThat(actual.translate(a, z).data())
                    .usingComparatorWithPrecision(ONE_LEVEL)
                    .containsExactly(expected.translate(a, z).data());
            assertThat(actual.hasEncoder()).isEqualTo(expected.hasEncoder());
            if (expected.hasEncoder()) {
                Tensor b = Noise.gaussian(expected.outputShape(3), 7, "b");
                assertThat(actual.encode(b).data())
                        .usingComparatorWithPrecision(LATENT_TOLERANCE)
                        .containsExactly(expected.encode(b).data());
            }
        }
    }

    @Test
    void serve_trainingModel_usesOnnxRuntimeForTheServingCheckpointOnly() {
        Settings settings = settings("train.ema-decay=0.9");
        try (BicycleGan model = Models.training(settings, Optional.empty())) {
            takeStep(model);
            Checkpoint checkpoint = Checkpoint.open(model.save(store()));
            Tensor a = Noise.gaussian(model.inputShape(2), 7, "a");
            Tensor z = Noise.gaussian(model.latentShape(2), 7, "z");
            float[] live = model.translate(a, z).data();
            long bytes = model.memory().used();
            assertThat(model.engine()).isEqualTo("nd4j");

            model.serve(checkpoint);

            assertThat(model.engine()).isEqualTo("onnxruntime");
            assertThat(model.liveEngine()).isEqualTo("nd4j");
            assertThat(model.memory().used()).isGreaterThan(bytes);
            assertThat(model.translate(a, z).data())
                    .usingComparatorWithPrecision(ONE_LEVEL)
                    .containsExactly(live);
            assertThat(model.preview(a, z).data()).isEqualTo(live);
            takeStep(model);
            assertThat(model.step()).isEqualTo(2);
            model.serveLive();
            assertThat(model.engine()).isEqualTo("nd4j");
            assertThat(model.translate(a, z).data()).isNotEqualTo(live);
        }
    }

    @Test
    void translating_auto_usesOnnxRuntimeAndAllocatesOnlyGeneratorAndEncoder() {
        Settings settings = settings("train.ema-decay=0.9");
        Checkpoint checkpoint = train(settings, 1);
        try (BicycleGan automatic = open(settings, "auto", checkpoint);
                BicycleGan byModel = open(settings, "model", checkpoint)) {
            assertThat(automatic.engine()).isEqualTo("onnxruntime");
            assertThat(automatic.device()).isEqualTo("CPU, with engine onnxruntime, for weights that do not train");
            assertThat(byModel.engine()).isEqualTo("nd4j");
            long bytes = Stream.of(Member.GENERATOR, Member.ENCODER)
                    .flatMap(member -> Networks.of(settings).parameters(member).stream())
                    .mapToLong(spec -> (long) Float.BYTES * spec.shape().size())
                    .sum();
            assertThat(automatic.memory().used()).isEqualTo(bytes);
            assertThat(byModel.memory().used()).isEqualTo(bytes);
        }
    }

    private Checkpoint train(Settings settings, int steps) {
        try (BicycleGan model = Models.training(settings, Optional.empty())) {
            for (int i = 0; i < steps; i++) {
                takeStep(model);
            }
            return Checkpoint.open(model.save(store()));
        }
    }

    private static void takeStep(BicycleGan model) {
        model.train(
                Noise.gaussian(model.inputShape(2), model.step(), "a"),
                Noise.gaussian(model.outputShape(2), model.step(), "b"),
                Offsets.NONE);
    }

    private static BicycleGan open(Settings settings, String engine, Checkpoint checkpoint) {
        List<String> assignments = new ArrayList<>(List.of("translate.engine=" + engine));
        settings.provenance().forEach((key, value) -> assignments.add(key + "=" + value));
        return Models.translating(TestSettings.tiny(assignments.toArray(String[]::new)), Optional.of(checkpoint));
    }

    private static Settings settings(String assignments) {
        return TestSettings.tiny(assignments.split(" "));
    }

    private CheckpointStore store() {
        return CheckpointStore.open(new CheckpointSettings(folder, 1, 9));
    }
}
