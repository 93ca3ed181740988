package dev.tandem.model.train;

import dev.tandem.model.tensor.Shape;
import dev.tandem.model.tensor.Tensor;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Latents as text: decimal numbers, separated by commas. */
public final class LatentText {
    /**
     * The largest absolute value of a number of a latent.
     *
     * <p>Random latents come from N(0, 1), and an encoder without KL loss gives at most hundreds. Far larger numbers
     * overflow in the generator, and the image is empty.
     */
    public static final int MAX_VALUE = 1000;

    private LatentText() {}

    /**
     * Formats a latent. Parsing the text gives exactly the same floats.
     *
     * @param z (1, L)
     */
    public static String format(Tensor z) {
        return IntStream.range(0, z.data().length)
                .mapToObj(i -> Float.toString(z.data()[i]))
                .collect(Collectors.joining(","));
    }

    /**
     * Parses a latent.
     *
     * @param length L
     * @return (1, L); empty if the text is not of the form that {@link #expected} describes
     */
    public static Optional<Tensor> parse(String text, int length) {
        String[] parts = text.split(",", -1);
        if (parts.length != length) {
            return Optional.empty();
        }
        float[] z = new float[length];
        for (int i = 0; i < length; i++) {
            z[i] = number(parts[i]);
            // Negated, so that NaN is rejected.
            if (!(Math.abs(z[i]) <= MAX_VALUE)) {
                return Optional.empty();
            }
        }
        return Optional.of(Tensor.of(Shape.of(1, length), z));
    }

    private static float number(String text) {
        try {
            return Float.parseFloat(text.trim());
        } catch (NumberFormatException e) {
            return Float.NaN;
        }
    }

    /** What the text of a latent must be; completes the message "LATENT must be ...". */
    public static String expected(int length) {
        return length == 0
                ? "absent: this model has no latent (model.latent=0)"
                : length + (length == 1 ? " number" : " comma-separated numbers") + " from -" + MAX_VALUE + " to "
                        + MAX_VALUE;
    }
}
