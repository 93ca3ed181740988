package dev.tandem.model.engine.nd4j;

import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Instance norm as batch norm of one image with N * C channels (Ulyanov et al. 2016). */
final class InstanceNorm {
    private static final long[] MOMENT_AXES = {0, 2, 3};
    /** Scale and offset are given, and the channels are axis 1. */
    private static final long[] SCALE_OFFSET_AXIS = {1, 1, 1};

    private InstanceNorm() {}

    static Node apply(Tape tape, Node x, double epsilon) {
        Shape channels = Shape.of(x.shape().batch() * x.shape().channels());
        Slot gamma = tape.filled(channels, 1);
        Slot beta = tape.filled(channels, 0);
        List<Slot> moments = tape.emit(
                List.of(channels, channels),
                List.of(x.value()),
                false,
                (reads, writes) -> Kernels.bind("moments", List.of(flat(reads.get(0))), writes, MOMENT_AXES));
        Slot mean = moments.get(0);
        Slot variance = moments.get(1);
        Slot y = tape.emit(
                x.shape(),
                List.of(x.value(), mean, variance, gamma, beta),
                (reads, writes) ->
                        Kernels.bind("batchnorm", flatFirst(reads), flatFirst(writes), SCALE_OFFSET_AXIS, epsilon));
        return tape.derive(
                y,
                List.of(x),
                (backprop, dy) -> backprop.add(
                        x,
                        () -> backprop.tape()
                                .emit(
                                        List.of(x.shape(), channels, channels, channels, channels),
                                        List.of(x.value(), mean, variance, gamma, beta, dy),
                                        false,
                                        (reads, writes) -> Kernels.bind(
                                                "batchnorm_bp",
                                                flatEnds(reads),
                                                flatFirst(writes),
                                                SCALE_OFFSET_AXIS,
                                                epsilon))
                                .get(0)));
    }

    private static List<INDArray> flatFirst(List<INDArray> arrays) {
        List<INDArray> flattened = new ArrayList<>(arrays);
        flattened.set(0, flat(arrays.get(0)));
        return flattened;
    }

    private static List<INDArray> flatEnds(List<INDArray> arrays) {
        List<INDArray> flattened = flatFirst(arrays);
        int last = arrays.size() - 1;
        flattened.set(last, flat(arrays.get(last)));
        return flattened;
    }

    /** (N, C, H, W) seen as (1, N C, H, W). */
    private static INDArray flat(INDArray x) {
        return x.reshape('c', 1, x.size(0) * x.size(1), x.size(2), x.size(3));
    }
}
