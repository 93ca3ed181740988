package dev.tandem.engine.libtorch;

import dev.tandem.model.engine.Ops.BatchNorm;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** The running mean and variance of one batch norm, and the statistics of the last batches that update them. */
final class RunningStatistics implements AutoCloseable {
    private final Tensor runningMean;
    private final Tensor runningVariance;
    private final double epsilon;
    /** The factor from the biased to the unbiased variance; a single value has no unbiased variance. */
    private final double unbiased;

    /** In their order. Every run overwrites them, so that a CUDA graph can, too. */
    private final List<Batch> batches = new ArrayList<>();

    /** @param inverseDeviation {@code 1 / sqrt(variance + epsilon)} */
    private record Batch(Tensor mean, Tensor inverseDeviation) {
        void close() {
            mean.close();
            inverseDeviation.close();
        }
    }

    /**
     * @param count number of values per channel in a batch
     * @param batches number of batches in a run
     */
    RunningStatistics(Tensor runningMean, Tensor runningVariance, double epsilon, int count, int batches) {
        this.runningMean = runningMean;
        this.runningVariance = runningVariance;
        this.epsilon = epsilon;
        this.unbiased = (double) count / Math.max(1, count - 1);
        for (int i = 0; i < batches; i++) {
            this.batches.add(new Batch(likeRunningMean(), likeRunningMean()));
        }
    }

    private Tensor likeRunningMean() {
        return NativeMemory.keep(() -> runningMean.detach().clone());
    }

    /** Copies the statistics of a batch for the next {@link #update}. */
    void set(int batch, Tensor mean, Tensor inverseDeviation) {
        batches.get(batch).mean().copy_(mean.detach());
        batches.get(batch).inverseDeviation().copy_(inverseDeviation.detach());
    }

    /** Updates the running statistics with those of the batches of the last run, in their order. */
    void update() {
        NativeMemory.free(() -> {
            Scalar momentum = new Scalar(BatchNorm.MOMENTUM);
            for (Batch batch : batches) {
                runningMean.lerp_(batch.mean(), momentum);
                Tensor variance = batch.inverseDeviation().pow(new Scalar(-2L)).sub_(new Scalar(epsilon));
                runningVariance.lerp_(variance.mul_(new Scalar(unbiased)), momentum);
            }
        });
    }

    @Override
    public void close() {
        batches.forEach(Batch::close);
    }
}
