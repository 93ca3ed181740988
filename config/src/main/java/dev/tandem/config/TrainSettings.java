package dev.tandem.config;

import com.typesafe.config.Config;

/**
 * How the three optimizers learn.
 *
 * @param batchSize pairs per step
 * @param learningRate Adam's step size, for all three optimizers
 * @param splitBatch whether the two branches see different halves of a batch
 * @param emaDecay decay per step of the averaged generator; 0: none is kept
 */
public record TrainSettings(
        int batchSize,
        long seed,
        double learningRate,
        double beta1,
        double beta2,
        boolean splitBatch,
        double emaDecay,
        LossWeights loss) {

    /** Weights of the terms of the generator's and encoder's loss; section 4 of the paper. */
    public record LossWeights(double l1, double kl, double latent, double gan, double ganLr) {
        public LossWeights {
            Check.weight("train.loss.lambda-l1", l1);
            Check.weight("train.loss.lambda-kl", kl);
            Check.weight("train.loss.lambda-latent", latent);
            Check.weight("train.loss.lambda-gan", gan);
            Check.weight("train.loss.lambda-gan-lr", ganLr);
        }
    }

    public TrainSettings {
        Check.range("train.batch-size", batchSize, 1, 1024);
        Check.require(
                learningRate > 0 && learningRate <= 1, "train.learning-rate", learningRate, "above 0 and up to 1");
        Check.fraction("train.beta1", beta1);
        Check.fraction("train.beta2", beta2);
        Check.fraction("train.ema-decay", emaDecay);
    }

    static TrainSettings from(Config tandem) {
        Section train = Section.of(tandem, "train");
        Section loss = train.child("loss");
        return new TrainSettings(
                train.integer("batch-size"),
                train.longInteger("seed"),
                train.number("learning-rate"),
                train.number("beta1"),
                train.number("beta2"),
                train.flag("split-batch"),
                train.number("ema-decay"),
                new LossWeights(
                        loss.number("lambda-l1"),
                        loss.number("lambda-kl"),
                        loss.number("lambda-latent"),
                        loss.number("lambda-gan"),
                        loss.number("lambda-gan-lr")));
    }
}
