package dev.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.checkpoint.Offsets;
import dev.tandem.model.checkpoint.Offsets.Partition;
import dev.tandem.model.engine.Ops.Filter;
import dev.tandem.model.engine.ShapeInference;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.train.Noise;
import java.util.Map;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;

class PropertiesTest {
    private final ShapeInference shapes = new ShapeInference();

    @Property
    void convTranspose2d_afterConv2d_restoresAnEvenSize(
            @ForAll @IntRange(min = 1, max = 64) int halfHeight, @ForAll @IntRange(min = 1, max = 64) int halfWidth) {
        Shape x = Shape.of(2, 3, 2 * halfHeight, 2 * halfWidth);

        Shape y = shapes.conv2d(x, new Filter<>(Shape.of(5, 3, 4, 4), Optional.of(Shape.of(5))), 2, 1);

        assertThat(y).isEqualTo(Shape.of(2, 5, halfHeight, halfWidth));
        assertThat(shapes.convTranspose2d(y, new Filter<>(Shape.of(5, 3, 4, 4), Optional.of(Shape.of(3))), 2, 1))
                .isEqualTo(x);
    }

    @Property
    void partition_parsedFromItsText_isEqual(
            @ForAll @AlphaChars @StringLength(min = 1, max = 20) String topic,
            @ForAll @IntRange(max = 10_000) int number) {
        Partition partition = new Partition(topic + "-x", number);

        assertThat(Partition.parse(partition.toString())).isEqualTo(partition);
    }

    @Property
    void advancedTo_anyOrder_hasTheLaterOffset(
            @ForAll @LongRange(max = 1000) long a, @ForAll @LongRange(max = 1000) long b) {
        Partition partition = new Partition("pairs", 0);
        Offsets first = new Offsets(Map.of(partition, a));
        Offsets second = new Offsets(Map.of(partition, b));

        assertThat(first.advancedTo(second)).isEqualTo(second.advancedTo(first));
        assertThat(first.advancedTo(second).of(partition)).hasValue(Math.max(a, b));
    }

    @Property(tries = 50)
    void gaussian_sameSeedAndPurpose_isEqual(@ForAll long seed) {
        Shape shape = Shape.of(3, 8);

        assertThat(Noise.gaussian(shape, seed, "z").data())
                .isEqualTo(Noise.gaussian(shape, seed, "z").data());
        assertThat(Noise.gaussian(shape, seed, "z").data())
                .isNotEqualTo(Noise.gaussian(shape, seed, "y").data());
    }
}
