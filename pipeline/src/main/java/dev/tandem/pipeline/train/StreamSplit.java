package dev.tandem.pipeline.train;

import dev.tandem.images.decode.Images;
import dev.tandem.model.train.Noise;
import java.awt.image.BufferedImage;

/**
 * Decides by a hash of A which pairs are held out of training. So all pairs with the same A, pixel by pixel, are on one side,
 * in every run.
 *
 * @param share share of the different As that is held out, 0 to 1
 */
record StreamSplit(double share) {
    private static final double HASHES = 0x1p64;

    /** @param a the decoded image, before it is scaled and augmented */
    boolean holdsOut(BufferedImage a) {
        // Shifted to 0 and above.
        return share > 0 && (Noise.hash(0, "held-out." + Images.checksum(a)) + HASHES / 2) / HASHES < share;
    }
}
