package dev.tandem.engine.libtorch;

import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Normalises channels of images. */
final class Normalization {
    private static final int IMAGES = 0;
    /** libtorch would update running statistics by this share itself; {@link RunningStatistics} updates them later. */
    private static final double NO_MOMENTUM = 0;

    private static final boolean CUDNN = true;

    private Normalization() {}

    /** Instance norm without scale and shift. */
    static Tensor perImage(Tensor images, double epsilon) {
        return torch.instance_norm(
                images,
                new TensorOptional(),
                new TensorOptional(),
                new TensorOptional(),
                new TensorOptional(),
                true,
                NO_MOMENTUM,
                epsilon,
                CUDNN);
    }

    /**
     * Batch norm by the statistics of each batch.
     *
     * @param operands images, scale and shift
     * @param batches number of batches that the images concatenate
     * @param statistics receives the statistics of each batch
     */
    static Tensor perBatch(List<Tensor> operands, int batches, double epsilon, RunningStatistics statistics) {
        // The statistics of the run before, if no update followed it.
        statistics.close();
        Tensor images = operands.get(0);
        long size = images.size(IMAGES) / batches;
        Tensor[] normalized = new Tensor[batches];
        for (int i = 0; i < batches; i++) {
            Tensor batch = images.narrow(IMAGES, i * size, size);
            normalized[i] = oneBatch(batch, operands.get(1), operands.get(2), epsilon, statistics);
        }
        return batches == 1 ? normalized[0] : torch.cat(new TensorVector(normalized), IMAGES);
    }

    private static Tensor oneBatch(
            Tensor batch, Tensor scale, Tensor shift, double epsilon, RunningStatistics statistics) {
        var results = torch.native_batch_norm(
                batch,
                new TensorOptional(scale),
                new TensorOptional(shift),
                new TensorOptional(),
                new TensorOptional(),
                true,
                NO_MOMENTUM,
                epsilon);
        statistics.add(results.get1(), results.get2());
        // A copy of the handle: the getters return references into the tuple.
        return new Tensor(results.get0());
    }

    /**
     * Batch norm by running statistics.
     *
     * @param operands images, scale, shift, running mean and running variance
     */
    static Tensor byRunningStatistics(List<Tensor> operands, double epsilon) {
        return torch.batch_norm(
                operands.get(0),
                new TensorOptional(operands.get(1)),
                new TensorOptional(operands.get(2)),
                new TensorOptional(operands.get(3)),
                new TensorOptional(operands.get(4)),
                false,
                NO_MOMENTUM,
                epsilon,
                CUDNN);
    }
}
