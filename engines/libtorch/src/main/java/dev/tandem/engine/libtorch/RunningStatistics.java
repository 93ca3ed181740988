package dev.tandem.engine.libtorch;

import dev.tandem.model.engine.Ops.BatchNorm;
import java.util.ArrayDeque;
import java.util.Deque;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The running mean and variance of one batch norm, and the statistics of the last batches that update them. */
final class RunningStatistics implements AutoCloseable {
    private final Tensor runningMean;
    private final Tensor runningVariance;
    private final double epsilon;
    /** The factor from the biased to the unbiased variance; a single value has no unbiased variance. */
    private final double unbiased;

    private final Deque<Batch> batches = new ArrayDeque<>();

    /** @param inverseDeviation {@code 1 / sqrt(variance + epsilon)} */
    private record Batch(Tensor mean, Tensor inverseDeviation) {
        void close() {
            mean.close();
            inverseDeviation.close();
        }
    }

    /** @param count number of values per channel in a batch */
    RunningStatistics(Tensor runningMean, Tensor runningVariance, double epsilon, int count) {
        this.runningMean = runningMean;
        this.runningVariance = runningVariance;
        this.epsilon = epsilon;
        this.unbiased = (double) count / Math.max(1, count - 1);
    }

    /** Keeps the statistics of a batch until {@link #update} or {@link #close}. */
    void add(Tensor mean, Tensor inverseDeviation) {
        batches.add(new Batch(
                mean.detach().retainReference(), inverseDeviation.detach().retainReference()));
    }

    /** Updates the running statistics with those of the batches, in their order. */
    void update() {
        NativeMemory.free(() -> {
            Scalar momentum = new Scalar(BatchNorm.MOMENTUM);
            for (Batch batch : batches) {
                runningMean.lerp_(batch.mean(), momentum);
                Tensor variance = batch.inverseDeviation().pow(new Scalar(-2L)).sub_(new Scalar(epsilon));
                runningVariance.lerp_(variance.mul_(new Scalar(unbiased)), momentum);
            }
        });
        close();
    }

    /** Forgets the statistics of the batches. */
    @Override
    public void close() {
        batches.forEach(Batch::close);
        batches.clear();
    }
}
