package dev.tandem.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.model.engine.InferenceSession;
import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import dev.tandem.model.train.Noise;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ImageGroupsTest {
    private final List<Integer> runs = new ArrayList<>();

    @Test
    void run_groupsGiveTheSameBits_computesGroupsAfterOneCheckPerSize() {
        ImageGroups groups = new ImageGroups(session(0));

        run(groups, 3, 8);
        assertThat(runs).containsExactly(1, 1, 1, 3);
        runs.clear();
        run(groups, 3, 8);
        run(groups, 2, 8);
        assertThat(runs).containsExactly(3, 1, 1, 2);
    }

    @Test
    void run_groupsGiveOtherBits_computesImageByImage() {
        ImageGroups groups = new ImageGroups(session(Math.ulp(8f)));

        run(groups, 2, 8);
        assertThat(runs).containsExactly(1, 1, 2);
        runs.clear();
        run(groups, 2, 8);
        assertThat(runs).containsExactly(1, 1);
    }

    @Test
    void run_imagesAreNaN_computesGroups() {
        ImageGroups groups = new ImageGroups(session(0));
        Tensor images = new Tensor(Shape.of(2, 1, 1, 1), new float[] {Float.NaN, Float.NaN});

        groups.run(Map.of("a", images));
        runs.clear();
        groups.run(Map.of("a", images));

        assertThat(runs).containsExactly(2);
    }

    @Test
    void run_manyOrLargeImages_limitsTheGroups() {
        ImageGroups groups = new ImageGroups(session(0));

        for (int i = 0; i < 2; i++) {
            runs.clear();
            run(groups, 21, 8);
        }
        assertThat(runs).containsExactly(8, 8, 5);
        for (int i = 0; i < 2; i++) {
            runs.clear();
            run(groups, 5, 256);
        }
        assertThat(runs).containsExactly(2, 2, 1);
        runs.clear();
        run(groups, 2, 1024);
        assertThat(runs).containsExactly(1, 1);
    }

    /** Checks the values: each output is the input plus the latent of the same image. */
    private static void run(ImageGroups groups, int images, int size) {
        Tensor a = Noise.gaussian(Shape.of(images, 1, size, size), 1, "a");
        Tensor z = Noise.gaussian(Shape.of(images, 1), 1, "z");

        Tensor b = groups.run(Map.of("a", a, "z", z)).get("b");

        assertThat(b.data()).isEqualTo(sum(a, z, 0).data());
    }

    private static Tensor sum(Tensor a, Tensor z, float offset) {
        float[] sums = a.data().clone();
        int pixels = sums.length / z.data().length;
        for (int i = 0; i < sums.length; i++) {
            sums[i] += z.data()[i / pixels] + offset;
        }
        return new Tensor(a.shape(), sums);
    }

    /** @param offset what the values of several images in one run differ by */
    private InferenceSession session(float offset) {
        return new InferenceSession() {
            @Override
            public Map<String, Tensor> run(Map<String, Tensor> inputs) {
                Tensor a = inputs.get("a");
                runs.add(a.shape().batch());
                Tensor z = inputs.getOrDefault("z", Tensor.zeros(a.shape().batch(), 1));
                return Map.of("b", sum(a, z, a.shape().batch() > 1 ? offset : 0));
            }

            @Override
            public int maxImages() {
                return 8;
            }

            @Override
            public void close() {}
        };
    }
}
