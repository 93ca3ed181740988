package dev.tandem.pipeline.train;

import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.pipeline.train.PreparedPair.Valid;
import java.util.List;

/**
 * The consecutive pairs of one training step.
 *
 * @param nextOffsets the offsets after its last pair and after the other records between its pairs
 * @param isLast whether a bounded run ends with this batch
 */
record PairBatch(List<Valid> pairs, Offsets nextOffsets, boolean isLast) {

    /** Copies the images of all pairs into two tensors. */
    StackedBatch stacked() {
        return new StackedBatch(
                pairs.stream().map(PreparedPair::record).toList(),
                Tensor.stack(pairs.stream().map(valid -> valid.pair().a()).toList()),
                Tensor.stack(pairs.stream().map(valid -> valid.pair().b()).toList()),
                nextOffsets,
                isLast);
    }
}
