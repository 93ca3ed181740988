package dev.tandem.model.train;

import dev.tandem.model.tensor.Tensor;

/** How much translations of one image differ: the mean absolute difference over all pairs of them, 0 to 2. */
final class Diversity {
    private Diversity() {}

    /** @param samples (images x samples, C, H, W), the samples of an image one behind the other */
    static double of(Tensor samples, int samplesPerImage) {
        int images = samples.shape().batch() / samplesPerImage;
        int size = samples.shape().size() / samples.shape().batch();
        double sum = 0;
        for (int image = 0; image < images; image++) {
            for (int i = 0; i < samplesPerImage; i++) {
                for (int j = i + 1; j < samplesPerImage; j++) {
                    int first = image * samplesPerImage;
                    sum += difference(samples.data(), (first + i) * size, (first + j) * size, size);
                }
            }
        }
        return sum / (images * samplesPerImage * (samplesPerImage - 1) / 2.0);
    }

    private static double difference(float[] data, int a, int b, int size) {
        double sum = 0;
        for (int k = 0; k < size; k++) {
            sum += Math.abs(data[a + k] - data[b + k]);
        }
        return sum / size;
    }
}
