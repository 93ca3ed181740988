package dev.tandem.evaluation;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Images for tests as tensors, (1, 3, side, side) in [-1, 1]. */
public final class TestTensors {
    private TestTensors() {}

    /** An image of one colour. */
    public static Tensor filled(int side, double red, double green, double blue) {
        float[] data = new float[3 * side * side];
        Arrays.fill(data, 0, side * side, (float) red);
        Arrays.fill(data, side * side, 2 * side * side, (float) green);
        Arrays.fill(data, 2 * side * side, data.length, (float) blue);
        return new Tensor(Shape.of(1, 3, side, side), data);
    }

    /** A white image whose upper half has a colour. */
    public static Tensor halfFilled(int side, double red, double green, double blue) {
        Tensor image = grey(side, 1);
        int area = side * side;
        double[] colour = {red, green, blue};
        for (int c = 0; c < 3; c++) {
            Arrays.fill(image.data(), c * area, c * area + area / 2, (float) colour[c]);
        }
        return image;
    }

    /** An image of one grey level. */
    public static Tensor grey(int side, double level) {
        return filled(side, level, level, level);
    }

    /**
     * A grey image.
     *
     * @param level maps the index of a pixel, row by row, to its level
     */
    public static Tensor grey(int side, IntToDoubleFunction level) {
        float[] data = new float[3 * side * side];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) level.applyAsDouble(i % (side * side));
        }
        return new Tensor(Shape.of(1, 3, side, side), data);
    }

    /** A white image with a black vertical line, one pixel wide. */
    public static Tensor line(int side, int column) {
        return grey(side, pixel -> pixel % side == column ? -1 : 1);
    }
}
