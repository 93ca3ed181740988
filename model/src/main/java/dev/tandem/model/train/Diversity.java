package dev.tandem.model.train;

import dev.tandem.model.tensor.Tensor;

/** The diversity of translations of one image: the mean absolute difference over all pairs of them, 0 to 2. */
public final class Diversity {
    private Diversity() {}

    /** @param samples (N, C, H, W), two or more */
    public static double of(Tensor samples) {
        int count = samples.shape().batch();
        int size = samples.shape().size() / count;
        double sum = 0;
        for (int i = 0; i < count; i++) {
            for (int j = i + 1; j < count; j++) {
                sum += difference(samples.data(), i * size, j * size, size);
            }
        }
        return sum / (count * (count - 1) / 2.0);
    }

    private static double difference(float[] data, int a, int b, int size) {
        double sum = 0;
        for (int k = 0; k < size; k++) {
            sum += Math.abs(data[a + k] - data[b + k]);
        }
        return sum / size;
    }
}
