package dev.tandem.evaluation;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/** Pictures for tests, (1, 3, H, W). */
public final class TestTensors {
    private TestTensors() {}

    /** Of one colour, channels from -1 to 1. */
    public static Tensor of(int side, double red, double green, double blue) {
        float[] data = new float[3 * side * side];
        Arrays.fill(data, 0, side * side, (float) red);
        Arrays.fill(data, side * side, 2 * side * side, (float) green);
        Arrays.fill(data, 2 * side * side, data.length, (float) blue);
        return new Tensor(Shape.of(1, 3, side, side), data);
    }

    public static Tensor grey(int side, double level) {
        return of(side, level, level, level);
    }

    /** The same level in all channels, by place (row by row). */
    public static Tensor grey(int side, IntToDoubleFunction level) {
        float[] data = new float[3 * side * side];
        for (int i = 0; i < data.length; i++) {
            data[i] = (float) level.applyAsDouble(i % (side * side));
        }
        return new Tensor(Shape.of(1, 3, side, side), data);
    }

    /** A white picture with a black line down the column. */
    public static Tensor line(int side, int column) {
        return grey(side, place -> place % side == column ? -1 : 1);
    }

    /** A white picture whose upper half has a colour. */
    public static Tensor filled(int side, double red, double green, double blue) {
        Tensor picture = grey(side, 1);
        int area = side * side;
        double[] colour = {red, green, blue};
        for (int c = 0; c < 3; c++) {
            Arrays.fill(picture.data(), c * area, c * area + area / 2, (float) colour[c]);
        }
        return picture;
    }
}
