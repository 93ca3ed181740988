package dev.tandem.engine.nd4j;

import dev.tandem.engine.nd4j.Matmul.Transpose;
import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.tensor.Shape;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Convolution or transposed convolution, lowered to a product of the weight and the columns of im2col (Chellapilla et al.
 * 2006), with gradients.
 *
 * <p>Faster than the native operation for a map of few pixels and a large weight, as in the middle of a U-Net: the native
 * operation rearranges the weight at each call, which takes longer than the product.
 *
 * <p>Without gradients, as in translations, there is one product per image. On processors without AVX-512, the order in which
 * BLAS adds depends on the number of columns, and an image must give the same bits in every batch.
 */
record LoweredConvolution(Filter<Node> filter, int stride, int padding) {
    private static final int MAX_MAP_AREA = 4 * 4;
    private static final int MIN_WEIGHT_SIZE = 1 << 17;

    /**
     * Whether lowering is faster. This does not depend on the batch size: an image must give the same bits in every batch.
     *
     * @param map the smaller map, with one pixel per window
     */
    static boolean isFaster(Shape weight, Shape map) {
        return area(map) <= MAX_MAP_AREA && weight.size() >= MIN_WEIGHT_SIZE;
    }

    /** @param result (N, O, H, W), for a weight (O, I, K, K) */
    Node convolution(Tape tape, Node x, Shape result) {
        Node weight = filter.weight();
        if (hasNoGradients(x)) {
            Slot windows = windows(tape, x.value(), result);
            return constant(addBias(tape, productPerImage(tape, windows, Transpose.NONE, result)));
        }
        Slot columns = im2col(tape, x.value(), result);
        Slot rows = product(tape, weight.value(), columns, Transpose.NONE, channelsFirst(result));
        Slot y = addBias(tape, batchFirst(tape, rows, result));
        return tape.node(y, Convolution.operands(filter, x), (backprop, dy) -> {
            Tape back = backprop.tape();
            Slot dRows = channelsFirst(back, dy, result);
            addBiasGradient(backprop, dRows, pixels(result));
            backprop.add(weight, () -> product(back, dRows, columns, Transpose.RIGHT, weight.shape()));
            backprop.add(x, () -> {
                Slot dColumns = product(back, weight.value(), dRows, Transpose.LEFT, columns.shape());
                return col2im(back, dColumns, result, x.shape());
            });
        });
    }

    /** @param result (N, O, H, W), for a weight (I, O, K, K) */
    Node transposedConvolution(Tape tape, Node x, Shape result) {
        Node weight = filter.weight();
        if (hasNoGradients(x)) {
            Slot windows = productPerImage(tape, x.value(), Transpose.LEFT, windows(result, x.shape()));
            return constant(addBias(tape, addedWindows(tape, windows, x.shape(), result)));
        }
        Slot rows = channelsFirst(tape, x.value(), x.shape());
        Slot columns = product(tape, weight.value(), rows, Transpose.LEFT, columns(result, x.shape()));
        Slot y = addBias(tape, col2im(tape, columns, x.shape(), result));
        return tape.node(y, Convolution.operands(filter, x), (backprop, dy) -> {
            Tape back = backprop.tape();
            if (filter.bias().isPresent()) {
                addBiasGradient(backprop, channelsFirst(back, dy, result), pixels(result));
            }
            Slot dColumns = im2col(back, dy, x.shape());
            backprop.add(weight, () -> product(back, rows, dColumns, Transpose.RIGHT, weight.shape()));
            backprop.add(x, () -> {
                Slot dRows = product(back, weight.value(), dColumns, Transpose.NONE, channelsFirst(x.shape()));
                return batchFirst(back, dRows, x.shape());
            });
        });
    }

    private boolean hasNoGradients(Node x) {
        return Convolution.operands(filter, x).stream().noneMatch(Node::differentiable);
    }

    private static Node constant(Slot value) {
        return new Node(value, false);
    }

    /**
     * The products of the weight and the columns of each image.
     *
     * @param images (N, rows, columns) or (N, rows, H, W)
     */
    private Slot productPerImage(Tape tape, Slot images, Transpose transpose, Shape result) {
        return tape.emit(result, List.of(filter.weight().value(), images), (reads, writes) -> {
            INDArray weight = matrix(reads.get(0));
            return Kernels.sequence(
                    "matmul",
                    IntStream.range(0, result.batch())
                            .mapToObj(i ->
                                    Matmul.bind(weight, image(reads.get(1), i), image(writes.get(0), i), transpose))
                            .toArray(Runnable[]::new));
        });
    }

    /** One image as a matrix with a row for each channel. */
    private static INDArray image(INDArray images, int index) {
        long rows = images.size(1);
        INDArray row = Kernels.view(
                        images, Math.toIntExact(images.size(0)), Math.toIntExact(images.length() / images.size(0)))
                .getRow(index);
        return row.reshape('c', rows, row.length() / rows);
    }

    private Slot addBias(Tape tape, Slot y) {
        return filter.bias()
                .map(bias -> tape.emitInPlace(y.shape(), List.of(y, bias.value()), (reads, writes) -> {
                    INDArray broadcastable =
                            Kernels.view(reads.get(1), 1, bias.shape().size(), 1, 1);
                    return Kernels.bind("add", List.of(reads.get(0), broadcastable), writes, new long[0]);
                }))
                .orElse(y);
    }

    private void addBiasGradient(Backprop backprop, Slot dRows, int pixels) {
        filter.bias()
                .ifPresent(bias -> backprop.add(bias, () -> {
                    Slot ones = backprop.tape().filled(Shape.of(pixels), 1);
                    int channels = bias.shape().size();
                    return Matmul.emit(backprop.tape(), dRows, ones, channels, pixels, 1, bias.shape());
                }));
    }

    /** The windows of images (N, C, H', W'), one per pixel of a map (N, _, H, W), as columns (C K K, N H W). */
    private Slot im2col(Tape tape, Slot images, Shape map) {
        Shape perImage = windows(images.shape(), map);
        return swapFirstAxes(
                tape,
                windows(tape, images, map),
                perImage.dim(0),
                perImage.dim(1),
                perImage.dim(2),
                columns(images.shape(), map));
    }

    /** The same windows as columns of each image, (N, C K K, H W). */
    private Slot windows(Tape tape, Slot images, Shape map) {
        return tape.emit(
                windows(images.shape(), map),
                List.of(images),
                (reads, writes) -> Kernels.bind(
                        "im2col",
                        reads,
                        List.of(perImage(writes.get(0), images.shape().channels(), map)),
                        new long[] {kernel(), kernel(), stride, stride, padding, padding, 1, 1, 0}));
    }

    /** The reverse of {@link #im2col}: adds the values of each window to the pixels that they come from. */
    private Slot col2im(Tape tape, Slot columns, Shape map, Shape result) {
        return tape.emit(
                result,
                List.of(columns),
                (reads, writes) -> col2im(
                        Kernels.view(
                                        reads.get(0),
                                        result.channels(),
                                        kernel(),
                                        kernel(),
                                        map.batch(),
                                        map.height(),
                                        map.width())
                                .permute(3, 0, 1, 2, 4, 5),
                        writes,
                        result));
    }

    /** The reverse of {@link #windows}. */
    private Slot addedWindows(Tape tape, Slot windows, Shape map, Shape result) {
        return tape.emit(
                result,
                List.of(windows),
                (reads, writes) -> col2im(perImage(reads.get(0), result.channels(), map), writes, result));
    }

    /** The windows of {@link #windows} as (N, C, K, K, H, W). */
    private INDArray perImage(INDArray windows, int channels, Shape map) {
        return Kernels.view(windows, map.batch(), channels, kernel(), kernel(), map.height(), map.width());
    }

    /** @param windows (N, C, K, K, H, W) */
    private Runnable col2im(INDArray windows, List<INDArray> writes, Shape result) {
        return Kernels.bind("col2im", List.of(windows), writes, new long[] {
            stride, stride, padding, padding, result.height(), result.width(), 1, 1, 0
        });
    }

    /** (N, C, H, W) as (C, N H W). */
    private static Slot channelsFirst(Tape tape, Slot images, Shape shape) {
        return swapFirstAxes(tape, images, shape.batch(), shape.channels(), area(shape), channelsFirst(shape));
    }

    /** (C, N H W) as (N, C, H, W). */
    private static Slot batchFirst(Tape tape, Slot rows, Shape shape) {
        return swapFirstAxes(tape, rows, shape.channels(), shape.batch(), area(shape), shape);
    }

    /** (first, second, area) as (second, first, area). */
    private static Slot swapFirstAxes(Tape tape, Slot x, int first, int second, int area, Shape result) {
        return tape.emit(
                result,
                List.of(x),
                (reads, writes) -> Kernels.copy(
                        List.of(Kernels.view(reads.get(0), first, second, area).permute(1, 0, 2)),
                        List.of(Kernels.view(writes.get(0), second, first, area))));
    }

    /** The product of weight, columns or rows, each seen as a matrix whose rows are its first dimension. */
    private static Slot product(Tape tape, Slot left, Slot right, Transpose transpose, Shape result) {
        return tape.emit(
                result,
                List.of(left, right),
                (reads, writes) ->
                        Matmul.bind(matrix(reads.get(0)), matrix(reads.get(1)), matrix(writes.get(0)), transpose));
    }

    private static INDArray matrix(INDArray array) {
        return array.reshape('c', array.size(0), array.length() / array.size(0));
    }

    private Shape columns(Shape images, Shape map) {
        return Shape.of(images.channels() * kernel() * kernel(), pixels(map));
    }

    private Shape windows(Shape images, Shape map) {
        return Shape.of(map.batch(), images.channels() * kernel() * kernel(), area(map));
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
