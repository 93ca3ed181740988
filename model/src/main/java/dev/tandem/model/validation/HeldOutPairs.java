package dev.tandem.model.validation;

import dev.tandem.model.tensor.Tensor;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;

/**
 * Pairs that no training step sees.
 *
 * @param inputs images A, (1, C, H, W) each, in [-1, 1]
 * @param outputs the true Bs of each input, one or more, (1, C', H, W) each, in [-1, 1]
 */
public record HeldOutPairs(List<Tensor> inputs, List<List<Tensor>> outputs) {
    private static final int DIGEST_BYTES = 8;

    public HeldOutPairs {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    /** A text that differs between different pairs: the scores of two sets of pairs are not comparable. */
    public String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            inputs.forEach(image -> digest.update(bytes(image)));
            outputs.forEach(images -> images.forEach(image -> digest.update(bytes(image))));
            return HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static ByteBuffer bytes(Tensor image) {
        ByteBuffer bytes = ByteBuffer.allocate(image.data().length * Float.BYTES);
        bytes.asFloatBuffer().put(image.data());
        return bytes;
    }
}
