package dev.tandem.config;

import com.typesafe.config.Config;

/**
 * How the three optimizers learn.
 *
 * @param batchSize pairs per step
 * @param learningRate Adam's step size at the start, for all three optimizers
 * @param splitBatch whether the two branches see different halves of a batch
 * @param dropout share of activations dropped in the generator's middle blocks
 * @param emaDecay decay per step of the averaged generator; 0: none is kept
 */
public record TrainSettings(
        int batchSize,
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
        Replay replay) {

    /** Whom the latent regression trains. */
    public enum LatentGradient {
        GENERATOR,
        BOTH
    }

    public enum GanMode {
        LSGAN,
        VANILLA
    }

    public enum InitType {
        XAVIER,
        NORMAL,
        KAIMING,
        ORTHOGONAL
    }

    /** How first weights are drawn. */
    public record Init(InitType type, double gain) {
        public Init {
            RangeCheck.require(gain > 0 && gain <= 10, "train.init.gain", gain, "above 0 and up to 10");
        }
    }

    public enum Policy {
        CONSTANT,
        LINEAR,
        STEP,
        COSINE
    }

    /**
     * How the step size changes with the pairs seen.
     *
     * @param holdPairs pairs before {@code linear} begins to fall
     * @param decayPairs pairs of the fall
     */
    public record Schedule(Policy policy, long holdPairs, long decayPairs) {
        private static final double STEP_FACTOR = 0.1;

        public Schedule {
            RangeCheck.range("train.schedule.hold-pairs", holdPairs, 0, Long.MAX_VALUE);
            RangeCheck.range("train.schedule.decay-pairs", decayPairs, 1, Long.MAX_VALUE);
        }

        /** The share of the step size that is left after so many pairs, 0 to 1. */
        public double factor(long pairs) {
            return switch (policy) {
                case CONSTANT -> 1;
                case LINEAR -> Math.max(0, 1 - Math.max(0.0, pairs - holdPairs) / decayPairs);
                case STEP -> Math.pow(STEP_FACTOR, pairs / decayPairs);
                case COSINE -> (1 + Math.cos(Math.PI * Math.min(1, (double) pairs / decayPairs))) / 2;
            };
        }
    }

    /** Weights of the terms of the generator's and encoder's loss; section 4 of the paper. */
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
     * Past pairs to learn from again.
     *
     * @param capacity pairs that are kept, 0: none
     * @param share of a batch that are past pairs
     */
    public record Replay(int capacity, double share) {
        private static final double LARGEST_SHARE = 0.9;
        /** So that 0.29 of 100 are 29. */
        private static final double ROUNDING = 1e-9;

        private static final int LARGEST_CAPACITY = 250_000;

        public Replay {
            RangeCheck.range("train.replay.capacity", capacity, 0, LARGEST_CAPACITY);
            RangeCheck.range("train.replay.share", share, 0, LARGEST_SHARE);
        }

        private int of(int batchSize) {
            return (int) (batchSize * share + ROUNDING);
        }
    }

    /** Of a batch, those that come from the stream. */
    public int freshPairs() {
        return batchSize - replayedPairs();
    }

    /** Of a batch, those that were seen before. */
    public int replayedPairs() {
        return replay.capacity() > 0 ? replay.of(batchSize) : 0;
    }

    public TrainSettings {
        RangeCheck.range("train.batch-size", batchSize, 1, 1024);
        RangeCheck.require(
                learningRate > 0 && learningRate <= 1, "train.learning-rate", learningRate, "above 0 and up to 1");
        RangeCheck.fraction("train.beta1", beta1);
        RangeCheck.fraction("train.beta2", beta2);
        RangeCheck.fraction("train.dropout", dropout);
        RangeCheck.fraction("train.ema-decay", emaDecay);
        RangeCheck.require(
                replay.capacity() == 0 || replay.share() == 0 || replay.of(batchSize) > 0,
                "train.replay.share",
                replay.share(),
                "at least " + 1.0 / batchSize + ", one pair of a batch of " + batchSize
                        + ", or 0 to keep pairs for later");
    }

    static TrainSettings from(Config tandem) {
        SettingsSection train = SettingsSection.of(tandem, "train");
        SettingsSection schedule = train.child("schedule");
        SettingsSection init = train.child("init");
        SettingsSection loss = train.child("loss");
        SettingsSection replay = train.child("replay");
        return new TrainSettings(
                train.integer("batch-size"),
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
                train.number("ema-decay"),
                new LossWeights(
                        loss.number("lambda-l1"),
                        loss.number("lambda-kl"),
                        loss.number("lambda-latent"),
                        loss.number("lambda-gan"),
                        loss.number("lambda-gan-lr")),
                new Replay(replay.integer("capacity"), replay.number("share")));
    }
}
