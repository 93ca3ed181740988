package dev.tandem.model.train;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;

/** Random latents, and latents interpolated between others. */
public final class Latents {
    /** Below this sine two latents count as parallel, and no unique great circle connects them. */
    private static final double MIN_SINE = 1e-6;

    private Latents() {}

    /**
     * A closed path through latents by spherical interpolation (Shoemake 1985; the authors' slerp): from each stop to
     * the next, and from the last to the first.
     *
     * <p>The path is not straight, because points on the line between two Gaussian latents are too close to the origin
     * to be typical Gaussian latents.
     *
     * @param stops (S, L)
     * @return (frames, L); frame 0 is the first stop
     */
    public static Tensor closedPath(Tensor stops, int frames) {
        int count = stops.shape().batch();
        int length = stops.shape().channels();
        Tensor path = Tensor.zeros(frames, length);
        for (int frame = 0; frame < frames; frame++) {
            double position = (double) frame * count / frames;
            int stop = (int) position;
            float[] from = stops.rows(stop, stop + 1).data();
            int next = (stop + 1) % count;
            float[] to = stops.rows(next, next + 1).data();
            System.arraycopy(between(from, to, position - stop), 0, path.data(), frame * length, length);
        }
        return path;
    }

    /**
     * Interpolates between two latents along a great circle, or straight if they are parallel.
     *
     * @param fraction position between {@code from} (0) and {@code to} (1)
     * @return (L)
     */
    static float[] between(float[] from, float[] to, double fraction) {
        double cosine = dot(from, to) / (Math.sqrt(dot(from, from)) * Math.sqrt(dot(to, to)));
        double angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
        double sine = Math.sin(angle);
        // Negated, so that NaN counts as parallel: the sine is NaN for a zero vector.
        boolean straight = !(Math.abs(sine) > MIN_SINE);
        double first = straight ? 1 - fraction : Math.sin((1 - fraction) * angle) / sine;
        double second = straight ? fraction : Math.sin(fraction * angle) / sine;
        float[] result = new float[from.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) (first * from[i] + second * to[i]);
        }
        return result;
    }

    private static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** The random latents of a seed, (samples, L); row i does not depend on the number of rows. */
    public static Tensor random(long seed, int samples, int latentLength) {
        return Noise.gaussian(Shape.of(samples, latentLength), seed, "translate");
    }
}
