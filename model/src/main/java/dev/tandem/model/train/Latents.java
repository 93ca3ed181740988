package dev.tandem.model.train;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;

/** Latents to translate with: drawn, and on the way from one to another. */
public final class Latents {
    /** Below this the two directions are the same or opposite, and no great circle is the shortest. */
    private static final double PARALLEL = 1e-6;

    private Latents() {}

    /**
     * A closed way through latents, from each to the next and from the last to the first, along great circles: what lies
     * on a straight line between two Gaussian latents is too near the origin to be one (Shoemake 1985; the authors'
     * slerp).
     *
     * @param stops (S, L)
     * @return (frames, L), the first being the first stop
     */
    public static Tensor closedPath(Tensor stops, int frames) {
        int count = stops.shape().batch();
        int length = stops.shape().channels();
        Tensor path = Tensor.zeros(frames, length);
        for (int frame = 0; frame < frames; frame++) {
            double position = (double) frame * count / frames;
            int leg = (int) position;
            float[] from = stops.rows(leg, leg + 1).data();
            int next = (leg + 1) % count;
            float[] to = stops.rows(next, next + 1).data();
            System.arraycopy(between(from, to, position - leg), 0, path.data(), frame * length, length);
        }
        return path;
    }

    /** The latent at a share of the way, (L). */
    static float[] between(float[] from, float[] to, double share) {
        double cosine = dot(from, to) / (Math.sqrt(dot(from, from)) * Math.sqrt(dot(to, to)));
        double angle = Math.acos(Math.max(-1, Math.min(1, cosine)));
        double sine = Math.sin(angle);
        boolean straight = !(Math.abs(sine) > PARALLEL);
        double first = straight ? 1 - share : Math.sin((1 - share) * angle) / sine;
        double second = straight ? share : Math.sin(share * angle) / sine;
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

    /** The latents of a seed, (samples, L); row i does not depend on the number of rows. */
    public static Tensor drawn(long seed, int samples, int latentLength) {
        return Noise.gaussian(Shape.of(samples, latentLength), seed, "translate");
    }
}
