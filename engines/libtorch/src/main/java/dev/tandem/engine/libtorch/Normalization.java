package dev.tandem.engine.libtorch;

import java.util.List;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
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
        Tensor images = operands.get(0);
        long size = images.size(IMAGES) / batches;
        Tensor[] normalized = new Tensor[batches];
        for (int i = 0; i < batches; i++) {
            Tensor batch = images.narrow(IMAGES, i * size, size);
            var results = oneBatch(batch, operands.get(1), operands.get(2), epsilon);
            statistics.set(i, results.get1(), results.get2());
            // A copy of the handle: the getters return references into the tuple.
            normalized[i] = new Tensor(results.get0());
        }
        return batches == 1 ? normalized[0] : torch.cat(new TensorVector(normalized), IMAGES);
    }

    /** The result, and mean and inverse deviation of the batch. */
    private static T_TensorTensorTensor_T oneBatch(Tensor batch, Tensor scale, Tensor shift, double epsilon) {
        return torch.native_batch_norm(
                batch,
                new TensorOptional(scale),
                new TensorOptional(shift),
                new TensorOptional(),
                new TensorOptional(),
                true,
                NO_MOMENTUM,
                epsilon);
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
