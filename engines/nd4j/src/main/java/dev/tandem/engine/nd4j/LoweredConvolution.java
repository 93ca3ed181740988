package dev.tandem.engine.nd4j;

import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Convolution, or its transpose, as a product of the weight and the windows of the image, unrolled to columns
 * (Chellapilla et al. 2006). Faster than the native operation where the map has few pixels and the weight is large, as in
 * the middle of a U-Net: the native one rearranges the weight at each call, which takes longer than the product.
 */
record LoweredConvolution(Filter<Node> filter, int stride, int padding) {
    private static final int LARGEST_MAP = 4 * 4;
    private static final int LEAST_WEIGHTS = 1 << 17;
    private static final long[] PLAIN = {0, 0, 0};
    private static final long[] LEFT_TRANSPOSED = {1, 0, 0};
    private static final long[] RIGHT_TRANSPOSED = {0, 1, 0};

    /**
     * Whatever the batch: the same image must come to the same bits, alone or in a crowd.
     *
     * @param map the smaller one, which has a pixel for every window
     */
    static boolean pays(Shape weight, Shape map) {
        return area(map) <= LARGEST_MAP && weight.size() >= LEAST_WEIGHTS;
    }

    /** @param result (N, O, H, W), of a weight (O, I, K, K) */
    Node plain(Tape tape, Node x, Shape result) {
        Node weight = filter.weight();
        Slot columns = unrolled(tape, x.value(), result);
        Slot rows = product(tape, weight.value(), columns, PLAIN, channelsFirst(result));
        Slot y = biased(tape, imagesFirst(tape, rows, result));
        return tape.derive(y, operands(x), (backprop, dy) -> {
            Tape back = backprop.tape();
            Slot dRows = channelsFirst(back, dy, result);
            biasGradient(backprop, dRows, pixels(result));
            backprop.add(weight, () -> product(back, dRows, columns, RIGHT_TRANSPOSED, weight.shape()));
            backprop.add(
                    x,
                    () -> rolled(
                            back,
                            product(back, weight.value(), dRows, LEFT_TRANSPOSED, columns.shape()),
                            result,
                            x.shape()));
        });
    }

    /** @param result (N, O, H, W), of a weight (I, O, K, K) */
    Node transposed(Tape tape, Node x, Shape result) {
        Node weight = filter.weight();
        Slot rows = channelsFirst(tape, x.value(), x.shape());
        Slot columns = product(tape, weight.value(), rows, LEFT_TRANSPOSED, columns(result, x.shape()));
        Slot y = biased(tape, rolled(tape, columns, x.shape(), result));
        return tape.derive(y, operands(x), (backprop, dy) -> {
            Tape back = backprop.tape();
            filter.bias().ifPresent(bias -> {
                Slot dRows = channelsFirst(back, dy, result);
                biasGradient(backprop, dRows, pixels(result));
            });
            Slot dColumns = unrolled(back, dy, x.shape());
            backprop.add(weight, () -> product(back, rows, dColumns, RIGHT_TRANSPOSED, weight.shape()));
            backprop.add(
                    x,
                    () -> imagesFirst(
                            back, product(back, weight.value(), dColumns, PLAIN, channelsFirst(x.shape())), x.shape()));
        });
    }

    private List<Node> operands(Node x) {
        List<Node> operands = new ArrayList<>(List.of(x, filter.weight()));
        filter.bias().ifPresent(operands::add);
        return operands;
    }

    private Slot biased(Tape tape, Slot y) {
        return filter.bias()
                .map(bias -> tape.emitInPlace(
                        y.shape(),
                        List.of(y, bias.value()),
                        (reads, writes) -> Kernels.bind(
                                "add",
                                List.of(
                                        reads.get(0),
                                        Kernels.view(
                                                reads.get(1), 1, bias.shape().size(), 1, 1)),
                                writes,
                                new long[0])))
                .orElse(y);
    }

    private void biasGradient(Backprop backprop, Slot dRows, int pixels) {
        filter.bias()
                .ifPresent(bias -> backprop.add(bias, () -> {
                    Slot ones = backprop.tape().filled(Shape.of(pixels), 1);
                    return backprop.tape()
                            .emit(
                                    bias.shape(),
                                    List.of(dRows, ones),
                                    (reads, writes) -> Kernels.bind(
                                            "matmul",
                                            List.of(
                                                    Kernels.view(
                                                            reads.get(0),
                                                            bias.shape().size(),
                                                            pixels),
                                                    Kernels.view(reads.get(1), pixels, 1)),
                                            List.of(Kernels.view(
                                                    writes.get(0), bias.shape().size(), 1)),
                                            PLAIN));
                }));
    }

    /** The windows of images (N, C, H', W') that lie at the pixels of a map (N, _, H, W): (C K K, N H W). */
    private Slot unrolled(Tape tape, Slot images, Shape map) {
        Shape result = columns(images.shape(), map);
        int batch = map.batch();
        int area = map.height() * map.width();
        int rows = result.dim(0);
        int kernel = kernel();
        Slot apart = tape.emit(
                Shape.of(batch, rows, area),
                List.of(images),
                (reads, writes) -> Kernels.bind(
                        "im2col",
                        reads,
                        List.of(Kernels.view(
                                writes.get(0),
                                batch,
                                rows / kernel / kernel,
                                kernel,
                                kernel,
                                map.height(),
                                map.width())),
                        new long[] {kernel, kernel, stride, stride, padding, padding, 1, 1, 0}));
        return turned(tape, apart, batch, rows, area, result);
    }

    /** The reverse: every window's values added to the pixels they came from. */
    private Slot rolled(Tape tape, Slot columns, Shape map, Shape result) {
        int kernel = kernel();
        return tape.emit(result, List.of(columns), (reads, writes) -> {
            INDArray windows = Kernels.view(
                            reads.get(0), result.channels(), kernel, kernel, map.batch(), map.height(), map.width())
                    .permute(3, 0, 1, 2, 4, 5);
            return Kernels.bind("col2im", List.of(windows), writes, new long[] {
                stride, stride, padding, padding, result.height(), result.width(), 1, 1, 0
            });
        });
    }

    /** (N, C, H, W) as (C, N H W). */
    private static Slot channelsFirst(Tape tape, Slot images, Shape shape) {
        return turned(tape, images, shape.batch(), shape.channels(), area(shape), channelsFirst(shape));
    }

    private static Slot imagesFirst(Tape tape, Slot rows, Shape shape) {
        return turned(tape, rows, shape.channels(), shape.batch(), area(shape), shape);
    }

    /** (first, second, area) as (second, first, area). */
    private static Slot turned(Tape tape, Slot x, int first, int second, int area, Shape result) {
        return tape.emit(
                result,
                List.of(x),
                (reads, writes) -> Kernels.copy(
                        List.of(Kernels.view(reads.get(0), first, second, area).permute(1, 0, 2)),
                        List.of(Kernels.view(writes.get(0), second, first, area))));
    }

    /** Of weight, columns and rows, each seen as a matrix with its first dimension for rows. */
    private static Slot product(Tape tape, Slot left, Slot right, long[] transposition, Shape result) {
        if (transposition != RIGHT_TRANSPOSED && right.shape().dim(1) == 1) {
            return productWithOneColumn(tape, left, right, transposition, result);
        }
        return multiplied(tape, left, right, transposition, result);
    }

    /** By two columns alike: a product with one alone takes its sums in another order than one with many. */
    private static Slot productWithOneColumn(Tape tape, Slot left, Slot right, long[] transposition, Shape result) {
        Slot twice = tape.emit(
                Shape.of(right.shape().dim(0), 2),
                List.of(right),
                (reads, writes) -> Kernels.inOrder(
                        "copy",
                        Kernels.copy(reads, List.of(column(writes.get(0), 0))),
                        Kernels.copy(reads, List.of(column(writes.get(0), 1)))));
        Slot both = multiplied(tape, left, twice, transposition, Shape.of(result.dim(0), 2));
        return tape.emit(
                result,
                List.of(both),
                (reads, writes) -> Kernels.copy(
                        List.of(column(reads.get(0), 0)), List.of(Kernels.view(writes.get(0), result.dim(0), 1))));
    }

    private static INDArray column(INDArray matrix, long index) {
        return matrix.get(NDArrayIndex.all(), NDArrayIndex.interval(index, index + 1));
    }

    private static Slot multiplied(Tape tape, Slot left, Slot right, long[] transposition, Shape result) {
        return tape.emit(
                result,
                List.of(left, right),
                (reads, writes) -> Kernels.bind(
                        "matmul",
                        List.of(matrix(reads.get(0)), matrix(reads.get(1))),
                        List.of(matrix(writes.get(0))),
                        transposition));
    }

    private static INDArray matrix(INDArray array) {
        return array.reshape('c', array.size(0), array.length() / array.size(0));
    }

    private Shape columns(Shape images, Shape map) {
        return Shape.of(images.channels() * kernel() * kernel(), pixels(map));
    }

    private static Shape channelsFirst(Shape shape) {
        return Shape.of(shape.channels(), pixels(shape));
    }

    private int kernel() {
        return filter.weight().shape().height();
    }

    private static int pixels(Shape map) {
        return map.batch() * area(map);
    }

    private static int area(Shape map) {
        return map.height() * map.width();
    }
}
