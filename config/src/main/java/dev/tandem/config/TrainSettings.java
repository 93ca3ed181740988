package dev.tandem.config;

import com.typesafe.config.Config;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Settings of the training steps.
 *
 * @param batchSize pairs per training step
 * @param prefetch batches that are decoded ahead of the model; empty: by the size of the heap
 * @param seed seed of the initial weights, of the random latents and of the augmentation
 * @param learningRate learning rate of the three Adam optimizers at the start of training
 * @param schedule change of the learning rate during training
 * @param beta1 Adam's decay rate of the first moment
 * @param beta2 Adam's decay rate of the second moment
 * @param splitBatch whether the two branches use different halves of a batch
 * @param latentGradient networks that the latent regression trains
 * @param ganMode adversarial loss
 * @param dropout dropout rate of the generator's middle blocks
 * @param init distribution of the initial weights
 * @param emaDecay decay per step of the averaged generator; 0: there is no averaged generator
 * @param loss weights of the losses of generator and encoder
 * @param gradientPenalty weights of the gradient penalties of the discriminators
 * @param replay settings of the replay buffer
 * @param validation settings of the validation
 */
public record TrainSettings(
        int batchSize,
        OptionalInt prefetch,
        long seed,
        double learningRate,
        Schedule schedule,
        double beta1,
        double beta2,
        boolean splitBatch,
        LatentGradient latentGradient,
        GanMode ganMode,
        double dropout,
        Init init,
        double emaDecay,
        LossWeights loss,
        GradientPenalty gradientPenalty,
        Replay replay,
        Validation validation) {

    private static final double AVERAGED_PAIRS = 800;
    private static final double MIN_AUTOMATIC_DECAY = 0.9;

    /** Networks that the latent regression trains: the generator alone, or the generator and the encoder. */
    public enum LatentGradient {
        GENERATOR,
        BOTH
    }

    /** Adversarial loss: least squares, cross-entropy, or Wasserstein distance with gradient penalty. */
    public enum GanMode {
        LSGAN,
        VANILLA,
        WGANGP
    }

    /** Distribution of the initial weights. */
    public enum InitType {
        XAVIER,
        NORMAL,
        KAIMING,
        ORTHOGONAL
    }

    /**
     * Settings of the initial weights.
     *
     * @param gain scale of {@code XAVIER} and {@code ORTHOGONAL}, standard deviation of {@code NORMAL} and of the scales
     *     of batch norm
     */
    public record Init(InitType type, double gain) {
        public Init {
            RangeCheck.require(gain > 0 && gain <= 10, "train.init.gain", gain, "above 0 and up to 10");
        }
    }

    /** Shape of the learning rate over the pairs seen. */
    public enum Policy {
        CONSTANT,
        LINEAR,
        STEP,
        COSINE
    }

    /**
     * Learning rate as a function of the pairs seen.
     *
     * @param holdPairs pairs before {@code LINEAR} starts to lower the learning rate
     * @param decayPairs pairs over which {@code LINEAR} and {@code COSINE} lower the learning rate to 0, and after which
     *     {@code STEP} divides it by 10
     */
    public record Schedule(Policy policy, long holdPairs, long decayPairs) {
        private static final double STEP_FACTOR = 0.1;

        public Schedule {
            RangeCheck.range("train.schedule.hold-pairs", holdPairs, 0, Long.MAX_VALUE);
            RangeCheck.range("train.schedule.decay-pairs", decayPairs, 1, Long.MAX_VALUE);
        }

        /** Returns the factor of the initial learning rate after {@code pairs} pairs, 0 to 1. */
        public double factor(long pairs) {
            return switch (policy) {
                case CONSTANT -> 1;
                case LINEAR -> Math.max(0, 1 - Math.max(0.0, pairs - holdPairs) / decayPairs);
                case STEP -> Math.pow(STEP_FACTOR, pairs / decayPairs);
                case COSINE -> (1 + Math.cos(Math.PI * Math.min(1, (double) pairs / decayPairs))) / 2;
            };
        }
    }

    /**
     * Weights of the losses of generator and encoder (section 4 of the paper).
     *
     * @param l1 weight of the reconstruction loss
     * @param kl weight of the KL loss
     * @param latent weight of the latent regression
     * @param gan weight of the adversarial loss of the cVAE-GAN branch
     * @param ganLr weight of the adversarial loss of the cLR-GAN branch
     */
    public record LossWeights(double l1, double kl, double latent, double gan, double ganLr) {
        public LossWeights {
            RangeCheck.weight("train.loss.lambda-l1", l1);
            RangeCheck.weight("train.loss.lambda-kl", kl);
            RangeCheck.weight("train.loss.lambda-latent", latent);
            RangeCheck.weight("train.loss.lambda-gan", gan);
            RangeCheck.weight("train.loss.lambda-gan-lr", ganLr);
        }
    }

    /**
     * Weights of the gradient penalties of the discriminators.
     *
     * @param wgan weight of the penalty of {@code WGANGP}, which other modes do not have
     * @param r1 weight of R1, half of which multiplies the squared norm; 0: no R1
     */
    public record GradientPenalty(double wgan, double r1) {
        public GradientPenalty {
            RangeCheck.weight("train.loss.lambda-gp", wgan);
            RangeCheck.weight("train.loss.lambda-r1", r1);
        }
    }

    /**
     * Settings of the replay buffer.
     *
     * @param capacity maximum number of past pairs in the buffer; 0: no buffer
     * @param share share of past pairs in a batch
     */
    public record Replay(int capacity, double share) {
        private static final int MAX_CAPACITY = 250_000;
        private static final double MAX_SHARE = 0.9;
        /** Compensates for rounding of the product: a share of 0.29 of 100 pairs must give 29. */
        private static final double ROUNDING = 1e-9;

        public Replay {
            RangeCheck.range("train.replay.capacity", capacity, 0, MAX_CAPACITY);
            RangeCheck.range("train.replay.share", share, 0, MAX_SHARE);
        }

        private int pairsIn(int batchSize) {
            return (int) (batchSize * share + ROUNDING);
        }
    }

    /**
     * Settings of the validation during training.
     *
     * @param data folder of held-out pairs
     * @param share share of the inputs that the stream holds out; without it and {@code data} there is no validation
     * @param everySteps training steps between two validations
     * @param inputs maximum number of inputs
     * @param samples translations of each input
     */
    public record Validation(Optional<Path> data, double share, int everySteps, int inputs, int samples) {
        public Validation {
            RangeCheck.range("train.validation.share", share, 0, 0.5);
            RangeCheck.require(
                    data.isEmpty() || share == 0,
                    "train.validation.share",
                    share,
                    "0 with train.validation.data, because one validation has one set of pairs");
            RangeCheck.range("train.validation.every-steps", everySteps, 1, 1_000_000);
            RangeCheck.range("train.validation.inputs", inputs, 1, 1000);
            RangeCheck.range("train.validation.samples", samples, 1, 64);
        }
    }

    /** Whether a discriminator's loss contains a gradient of the discriminator, so that training needs second derivatives. */
    public boolean needsSecondDerivatives() {
        return ganMode == GanMode.WGANGP || gradientPenalty.r1() > 0;
    }

    /** Returns the number of pairs in a batch that come from the stream. */
    public int freshPairs() {
        return batchSize - replayedPairs();
    }

    /** Returns the number of pairs in a batch that come from the replay buffer. */
    public int replayedPairs() {
        return replay.capacity() > 0 ? replay.pairsIn(batchSize) : 0;
    }

    public TrainSettings {
        RangeCheck.range("train.batch-size", batchSize, 1, 1024);
        prefetch.ifPresent(batches -> RangeCheck.range("train.prefetch", batches, 2, 64));
        RangeCheck.require(
                learningRate > 0 && learningRate <= 1, "train.learning-rate", learningRate, "above 0 and up to 1");
        RangeCheck.fraction("train.beta1", beta1);
        RangeCheck.fraction("train.beta2", beta2);
        RangeCheck.fraction("train.dropout", dropout);
        RangeCheck.fraction("train.ema-decay", emaDecay);
        RangeCheck.require(
                ganMode != GanMode.WGANGP || gradientPenalty.wgan() > 0,
                "train.loss.lambda-gp",
                gradientPenalty.wgan(),
                "above 0 with train.gan-mode wgangp, because the loss has no bound without the penalty");
        RangeCheck.require(
                replay.capacity() == 0 || replay.share() == 0 || replay.pairsIn(batchSize) > 0,
                "train.replay.share",
                replay.share(),
                "at least " + 1.0 / batchSize + " (one pair of a batch of " + batchSize
                        + "), or 0 to fill the buffer without using it");
    }

    static TrainSettings from(Config tandem) {
        SettingsSection train = SettingsSection.of(tandem, "train");
        SettingsSection schedule = train.child("schedule");
        SettingsSection init = train.child("init");
        SettingsSection loss = train.child("loss");
        SettingsSection replay = train.child("replay");
        SettingsSection validation = train.child("validation");
        return new TrainSettings(
                train.integer("batch-size"),
                train.integerOrAuto("prefetch"),
                train.longInteger("seed"),
                train.number("learning-rate"),
                new Schedule(
                        schedule.choice("policy", Policy.class),
                        schedule.longInteger("hold-pairs"),
                        schedule.longInteger("decay-pairs")),
                train.number("beta1"),
                train.number("beta2"),
                train.flag("split-batch"),
                train.choice("latent-gradient", LatentGradient.class),
                train.choice("gan-mode", GanMode.class),
                train.number("dropout"),
                new Init(init.choice("type", InitType.class), init.number("gain")),
                train.numberOrAuto("ema-decay").orElse(automaticDecay(train.integer("batch-size"))),
                new LossWeights(
                        loss.number("lambda-l1"),
                        loss.number("lambda-kl"),
                        loss.number("lambda-latent"),
                        loss.number("lambda-gan"),
                        loss.number("lambda-gan-lr")),
                new GradientPenalty(loss.number("lambda-gp"), loss.number("lambda-r1")),
                new Replay(replay.integer("capacity"), replay.number("share")),
                new Validation(
                        validation.path("data"),
                        validation.number("share"),
                        validation.integer("every-steps"),
                        validation.integer("inputs"),
                        validation.integer("samples")));
    }

    /** The decay of an average over about {@link #AVERAGED_PAIRS} pairs, and over at least ten steps. */
    private static double automaticDecay(int batchSize) {
        return Math.max(MIN_AUTOMATIC_DECAY, 1 - batchSize / AVERAGED_PAIRS);
    }
}
