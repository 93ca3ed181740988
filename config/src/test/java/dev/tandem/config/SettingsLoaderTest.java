package dev.tandem.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.tandem.config.ComputeSettings.CudaGraphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsLoaderTest {

    @Test
    void load_noSettings_returnsPresetTandem() {
        Settings settings = load();

        assertThat(settings.model().preset()).isEqualTo(ModelSettings.Preset.TANDEM);
        assertThat(settings.model().generator().upsample()).isEqualTo(ModelSettings.Upsample.BILINEAR);
        assertThat(settings.model().encoder().norm()).isEqualTo(ModelSettings.Norm.GROUP);
        assertThat(settings.model().discriminator().norm()).isEqualTo(ModelSettings.Norm.GROUP);
        assertThat(settings.model().generator().padding()).isEqualTo(ModelSettings.Padding.REFLECT);
        assertThat(settings.train().splitBatch()).isTrue();
        assertThat(settings.train().loss()).isEqualTo(new TrainSettings.LossWeights(30, 0.03, 0.5, 1, 2));
        assertThat(settings.train().emaDecay()).isEqualTo(0.995);
    }

    @Test
    void load_presetPaper_returnsTheAuthorsModelAndTraining() {
        Settings settings = load("model.preset=paper");

        assertThat(settings.model().preset()).isEqualTo(ModelSettings.Preset.PAPER);
        assertThat(settings.model().imageSize()).isEqualTo(new ImageSize(256, 256));
        assertThat(settings.model().width()).isEqualTo(64);
        assertThat(settings.model().latent()).isEqualTo(8);
        assertThat(settings.train().learningRate()).isEqualTo(2e-4);
        assertThat(settings.train().loss()).isEqualTo(new TrainSettings.LossWeights(10, 0.01, 0.5, 1, 1));
        assertThat(settings.train().splitBatch()).isTrue();
        assertThat(settings.train().batchSize()).isEqualTo(2);
        assertThat(settings.train().emaDecay()).isZero();
        assertThat(settings.model().discriminator().conditional()).isFalse();
        assertThat(settings.model().generator().padding()).isEqualTo(ModelSettings.Padding.ZERO);
        assertThat(settings.model().generator().upsample()).isEqualTo(ModelSettings.Upsample.BASIC);
        assertThat(settings.model().generator().latentInjection()).isEqualTo(ModelSettings.LatentInjection.ALL);
        assertThat(settings.model().encoder().norm()).isEqualTo(ModelSettings.Norm.INSTANCE);
        assertThat(settings.model().discriminator().norm()).isEqualTo(ModelSettings.Norm.INSTANCE);
        ModelSettings withBatchNorm =
                load("model.preset=paper", "model.norm=batch").model();
        assertThat(List.of(
                        withBatchNorm.encoder().norm(),
                        withBatchNorm.discriminator().norm()))
                .as("all networks of preset paper have the same norm")
                .containsOnly(ModelSettings.Norm.BATCH);
        assertThat(settings.augment().loadRatio()).isEqualTo(1.12);
    }

    @Test
    void load_assignmentsAndFile_overrideTheDefaultsInThisOrder(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("tandem.conf"), "tandem { train { batch-size = 4, seed = 7 }, topics.pairs = mine }");

        Settings settings = SettingsLoader.load(
                Optional.of(file),
                List.of("train.batch-size=6", "tandem.http.port = 0", "topics.watch-every=1 second"));

        assertThat(settings.train().batchSize()).isEqualTo(6);
        assertThat(settings.train().seed()).isEqualTo(7);
        assertThat(settings.topics().pairs()).isEqualTo("mine");
        assertThat(settings.http().port()).isZero();
        assertThat(settings.topics().watchEvery()).isEqualTo(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @CsvSource({"group.id, run.group", "group.instance.id, run.instance", "transactional.id, run.instance"})
    void load_reservedKafkaKey_isRejectedWithTheSettingToUse(String key, String instead) {
        assertThatThrownBy(() -> SettingsLoader.load(Optional.empty(), List.of("kafka." + key + "=mine")))
                .isInstanceOf(SettingsException.class)
                .hasMessage("kafka." + key + " is not allowed; set " + instead + " instead");
    }

    @Test
    void load_otherKafkaKeys_arePassedToTheClients() {
        KafkaSettings kafka = load("kafka.bootstrap-servers=a:1,b:2", "kafka.security.protocol=SASL_SSL")
                .kafka();

        assertThat(kafka.bootstrapServers()).isEqualTo("a:1,b:2");
        assertThat(kafka.clientProperties())
                .containsEntry("bootstrap.servers", "a:1,b:2")
                .containsEntry("security.protocol", "SASL_SSL");
    }

    @ParameterizedTest
    @CsvSource({
        "train.batchsize, train.batch-size",
        "model.image_size, model.image-size",
        "lambda-l1, train.loss.lambda-l1",
        "checkpoint.dir, checkpoint.directory"
    })
    void load_unknownKey_isRejectedWithTheNearestKey(String key, String nearest) {
        assertThatThrownBy(() -> load(key + "=1"))
                .isInstanceOf(SettingsException.class)
                .hasMessage("unknown setting " + key + "; did you mean " + nearest + "?");
    }

    @ParameterizedTest
    @CsvSource({"8, 0.5, 4", "8, 0.3, 2", "100, 0.29, 29", "50, 0.58, 29", "2, 0, 0"})
    void replayedPairs_shareOfABatch_areRoundedDownToWholePairs(int batch, String share, int replayed) {
        TrainSettings train = load(
                        "train.batch-size=" + batch, "train.replay.capacity=9", "train.replay.share=" + share)
                .train();

        assertThat(train.replayedPairs()).isEqualTo(replayed);
        assertThat(train.freshPairs()).isEqualTo(batch - replayed);
    }

    @Test
    void load_replayShareBelowOnePair_isRejectedWithTheSmallestShare() {
        assertThatThrownBy(() -> load("train.batch-size=2", "train.replay.capacity=9", "train.replay.share=0.25"))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(
                        "train.replay.share is 0.25, but must be at least 0.5 (one pair of a batch of 2)");
        assertThat(load("train.batch-size=1").train().replayedPairs())
                .as("replay buffer off")
                .isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "train.batch-size=0 | train.batch-size is 0, but must be between 1 and 1024",
                "train.batch-size=many | train.batch-size is \"many\", but must be a whole number",
                "train.prefetch=1 | train.prefetch is 1, but must be between 2 and 64",
                "train.prefetch=deep | train.prefetch is \"deep\", but must be \"auto\" or a whole number",
                "images.decode-parallelism=0 | images.decode-parallelism is 0, but must be between 1 and 256",
                "images.decode-parallelism=257 | images.decode-parallelism is 257, but must be between 1 and 256",
                "images.decode-parallelism=all | images.decode-parallelism is \"all\", but must be \"auto\" or a whole",
                "train.learning-rate=0 | train.learning-rate is 0.0, but must be above 0 and up to 1",
                "train.ema-decay=1 | train.ema-decay is 1.0, but must be at least 0 and below 1",
                "train.ema-decay=slow | train.ema-decay is \"slow\", but must be \"auto\" or a number",
                "train.loss.lambda-kl=-1 | train.loss.lambda-kl is -1.0, but must be 0 or more",
                "train.loss.lambda-r1=-1 | train.loss.lambda-r1 is -1.0, but must be 0 or more",
                "model.precision=fp16 | model.precision is \"fp16\", but must be one of [fp32, tf32, bf16]",
                "model.cuda-graphs=on | model.cuda-graphs is \"on\", but must be one of [auto, off]",
                "model.device=gpu | model.device is \"gpu\", but must be auto, cpu, cuda or cuda:N",
                "train.validation.samples=0 | train.validation.samples is 0, but must be between 1 and 64",
                "train.validation.inputs=0 | train.validation.inputs is 0, but must be between 1 and 1000",
                "train.validation.share=0.6 | train.validation.share is 0.6, but must be between 0.0 and 0.5",
                "train.validation.every-steps=0 | train.validation.every-steps is 0, but must be between 1 and 1000000",
                "train.replay.share=1 | train.replay.share is 1.0, but must be between 0.0 and 0.9",
                "model.preset=cyclegan | model.preset is \"cyclegan\", but must be one of [tandem, paper, seed]",
                "model.image-size=100 | model.image-size is 100, but must be a multiple of 16 on both sides",
                "model.image-size=big | model.image-size is \"big\", but must be one number or HEIGHTxWIDTH",
                "images.fit=squash | images.fit is \"squash\", but must be one of [stretch, pad, crop]",
                "images.resize=lanczos | images.resize is \"lanczos\", but must be one of [bicubic, nearest]",
                "images.resize-b=5 | images.resize-b is \"5\", but must be one of [bicubic, nearest]",
                "translate.samples=65 | translate.samples is 65, but must be between 1 and 64",
                "translate.engine=tensorflow | translate.engine is \"tensorflow\", but must be one of [auto, model, onnxruntime]",
                "model.engine=onnxruntime | model.engine is \"onnxruntime\", but must be an engine that trains; set translate.engine=onnxruntime",
                "translate.missing-offsets=latest | translate.missing-offsets is \"latest\", but must be one of"
                        + " [translations, end, beginning]",
                "augment.flip=perhaps | augment.flip is \"perhaps\", but must be true or false",
                "run.max-device-memory=1 KiB | run.max-device-memory is 1024, but must be between 1048576 and",
                "run.max-device-memory=half | run.max-device-memory is \"half\", but must be \"auto\" or a size",
                "run.restart-min=1 minute | run.restart-max is 30000 ms, but must be between 60000 and 3600000 ms",
                "topics.pairs=sources | topics is [sources, sources, translations, dead-letters], but must be four",
                "model.image-size=2048 | topics.max-message-bytes is 10485760, but must be at least 12834570 bytes",
                "checkpoint.directory= | checkpoint.directory is empty, but must have a value",
                "http.management-port=8080 | http.management-port is 8080, but must differ from http.port",
                "http.management-port=next | http.management-port is \"next\", but must be \"auto\" or a whole number",
                "http.max-memory=1 KiB | http.max-memory is 1024, but must be between 1048576 and",
                "http.transfer-timeout=0 s | http.transfer-timeout is 0 ms, but must be between 1000 and 3600000 ms",
                "http.tls.keystore=a.p12 | HTTPS needs both http.tls.keystore and http.tls.password-file"
            })
    void load_invalidValue_isRejectedWithKeyValueAndRange(String assignment, String message) {
        assertThatThrownBy(() -> load(assignment))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void load_onlyLossWeightsOfTheEncoderWithoutOne_isRejected() {
        assertThatThrownBy(() -> load("model.encoder.type=none", "train.loss.lambda-l1=0", "train.loss.lambda-gan=0"))
                .isInstanceOf(SettingsException.class)
                .hasMessage("train.loss has no weight above 0 that applies; set train.loss.lambda-l1 or"
                        + " train.loss.lambda-gan above 0 (the other weights apply only with an encoder)");
    }

    @Test
    void load_folderAndShareOfTheValidation_isRejected() {
        assertThatThrownBy(() -> load("train.validation.data=val", "train.validation.share=0.1"))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith("train.validation.share is 0.1, but must be 0 with train.validation.data");
    }

    @Test
    void memoryIn_moreThanHalfOfTheHeap_isRejected() {
        long heap = 512L << 20;

        assertThat(load().http().limits().memoryIn(heap)).isEqualTo(heap / 4);
        assertThat(load("http.max-memory=256 MiB").http().limits().memoryIn(heap))
                .isEqualTo(heap / 2);
        assertThatThrownBy(() -> load("http.max-memory=257 MiB").http().limits().memoryIn(heap))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("http.max-memory is 257 MiB, but must be at most half of the heap");
    }

    @Test
    void load_assignmentWithoutValue_isRejected() {
        assertThatThrownBy(() -> load("train.batch-size"))
                .hasMessage("--set train.batch-size is not of the form key=value");
    }

    @Test
    void load_missingOrInvalidFile_isRejectedWithItsName(@TempDir Path folder) throws IOException {
        Path broken = Files.writeString(folder.resolve("broken.conf"), "tandem {");

        assertThatThrownBy(() -> SettingsLoader.load(Optional.of(folder.resolve("no.conf")), List.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("no.conf");
        assertThatThrownBy(() -> SettingsLoader.load(Optional.of(broken), List.of()))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("broken.conf");
    }

    @ParameterizedTest
    @CsvSource({"64, 64, 64", "128x256, 128, 256"})
    void parse_oneOrTwoNumbers_returnsHeightAndWidth(String text, int height, int width) {
        assertThat(ImageSize.parse(text)).isEqualTo(new ImageSize(height, width));
    }

    @Test
    void ofProvenance_provenanceOfSettings_returnsTheSameModel() {
        Settings settings = load("model.image-size=64x128", "model.width=16", "train.ema-decay=0.5");

        Settings restored = Settings.ofProvenance(settings.provenance());

        assertThat(restored.model()).isEqualTo(settings.model());
        assertThat(restored.train()).isEqualTo(settings.train());
        assertThat(restored.augment()).isEqualTo(settings.augment());
    }

    @Test
    void ofProvenance_computeSettings_areIgnored() {
        Settings settings =
                load("model.engine=libtorch", "model.device=cuda:3", "model.precision=bf16", "model.cuda-graphs=auto");

        assertThat(settings.model().compute().engine()).hasValue("libtorch");
        assertThat(settings.model().compute().cudaGraphs()).isEqualTo(CudaGraphs.AUTO);
        assertThat(Settings.ofProvenance(settings.provenance()).model().compute())
                .isEqualTo(ComputeSettings.on(Device.AUTO));
        assertThat(ComputeSettings.KEYS)
                .allMatch(Settings::appliesToCheckpoints)
                .noneMatch(ModelSettings::describesNetworks);
    }

    @ParameterizedTest
    @CsvSource({
        "train.gan-mode=lsgan, false",
        "train.gan-mode=wgangp, true",
        "train.loss.lambda-r1=0.1, true",
        "train.loss.lambda-gp=5, false"
    })
    void needsSecondDerivatives_gradientPenaltyInTheLoss_isTrue(String assignment, boolean expected) {
        assertThat(load(assignment).train().needsSecondDerivatives()).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.99875", "4, 0.995", "16, 0.98", "80, 0.9", "1024, 0.9"})
    void emaDecay_auto_averagesOver800PairsAndAtLeastTenSteps(int batchSize, double decay) {
        assertThat(load("train.batch-size=" + batchSize).train().emaDecay()).isEqualTo(decay);
    }

    @Test
    void load_wgangpWithoutPenalty_isRejected() {
        assertThatThrownBy(() -> load("train.gan-mode=wgangp", "train.loss.lambda-gp=0"))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "train.loss.lambda-gp is 0.0, but must be above 0 with train.gan-mode wgangp, because the loss"
                                + " has no bound without the penalty");
    }

    @Test
    void load_presetSeed_hasItsOwnDefaults() {
        Settings settings = load("model.preset=seed");

        assertThat(settings.model().imageSize()).isEqualTo(new ImageSize(128, 128));
        assertThat(settings.model().norm()).isEqualTo(ModelSettings.Norm.BATCH);
        assertThat(settings.model().generator().padding()).isEqualTo(ModelSettings.Padding.ZERO);
        assertThat(settings.model().discriminator().norm()).isEqualTo(ModelSettings.Norm.BATCH);
        assertThat(settings.model().discriminator().scales()).isEqualTo(3);
        assertThat(settings.model().discriminatorLayers()).isEqualTo(4);
        assertThat(settings.model().generatorDepth()).isEqualTo(7);
        assertThat(settings.train().splitBatch()).isFalse();
        assertThat(settings.train().latentGradient()).isEqualTo(TrainSettings.LatentGradient.BOTH);
        assertThat(settings.train().batchSize()).isEqualTo(8);
        assertThat(settings.train().learningRate()).isEqualTo(2e-4);
        assertThat(settings.train().emaDecay()).isZero();
        assertThat(settings.train().loss()).isEqualTo(new TrainSettings.LossWeights(10, 0.01, 0.5, 1, 1));
    }

    @Test
    void load_presetSeedAndAssignment_usesTheAssignment() {
        assertThat(load("model.preset=seed", "model.image-size=256").model().imageSize())
                .isEqualTo(new ImageSize(256, 256));
    }

    @Test
    void load_optionOfTheOtherPreset_isRejected() {
        assertThatThrownBy(() -> load("model.preset=seed", "model.generator.upsample=bilinear"))
                .isInstanceOf(SettingsException.class)
                .hasMessage(
                        "model.generator.upsample is bilinear, but must be one of [nearest] with model.preset seed");
        assertThatThrownBy(() -> load("model.preset=seed", "model.generator.padding=reflect"))
                .hasMessage("model.generator.padding is reflect, but must be one of [zero] with model.preset seed");
        assertThatThrownBy(() -> load("model.preset=seed", "model.discriminator.norm=group"))
                .hasMessage("model.discriminator.norm is group, but must be one of [batch] with model.preset seed");
        assertThatThrownBy(() -> load("model.preset=seed", "model.encoder.blocks=2"))
                .hasMessage("model.encoder.blocks is 2, but must be \"auto\" with model.encoder.type resnet18");
        assertThatThrownBy(() -> load("model.encoder.type=resnet18"))
                .isInstanceOf(SettingsException.class)
                .hasMessageContaining("one of [resnet, conv, none] with model.preset tandem");
    }

    @Test
    void ofProvenance_imagesTooLargeForTheDefaultTopics_isAccepted() {
        Settings settings = load("model.image-size=2048", "topics.max-message-bytes=64 MiB");

        assertThat(Settings.ofProvenance(settings.provenance()).model()).isEqualTo(settings.model());
    }

    @ParameterizedTest
    @CsvSource({
        "model.width, many, model.width is \"many\"",
        "model, 4, the saved settings are malformed",
        "train..seed, 4, the saved settings are malformed",
        "model.preset, ../other, model.preset is \"../other\""
    })
    void ofProvenance_impossibleValue_isRejected(String key, String value, String message) {
        assertThatThrownBy(() -> Settings.ofProvenance(Map.of(key, value)))
                .isInstanceOf(SettingsException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void ofProvenance_presetSeed_returnsTheSavedSettings() {
        Settings settings = load("model.preset=seed", "model.width=8", "train.init.gain=0.1");

        Settings restored = Settings.ofProvenance(settings.provenance());

        assertThat(restored.model()).isEqualTo(settings.model());
        assertThat(restored.train()).isEqualTo(settings.train());
    }

    @ParameterizedTest
    @CsvSource({
        "constant, 1000000, 1",
        "linear, 0, 1",
        "linear, 100, 1",
        "linear, 150, 0.75",
        "linear, 300, 0",
        "linear, 1000, 0",
        "step, 199, 1",
        "step, 200, 0.1",
        "step, 400, 0.01",
        "cosine, 0, 1",
        "cosine, 100, 0.5",
        "cosine, 500, 0"
    })
    void factor_afterPairs_followsThePolicy(String policy, long pairs, double factor) {
        TrainSettings.Schedule schedule = load(
                        "train.schedule.policy=" + policy,
                        "train.schedule.hold-pairs=100",
                        "train.schedule.decay-pairs=200")
                .train()
                .schedule();

        assertThat(schedule.factor(pairs)).isCloseTo(factor, within(1e-12));
    }

    private static Settings load(String... assignments) {
        return SettingsLoader.load(Optional.empty(), List.of(assignments));
    }
}
