package dev.tandem.pipeline.train;

import dev.tandem.model.train.Noise;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

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
        return share > 0 && (Noise.hash(0, "held-out." + checksum(a)) + HASHES / 2) / HASHES < share;
    }

    private static long checksum(BufferedImage image) {
        CRC32C checksum = new CRC32C();
        int[] row = new int[image.getWidth()];
        ByteBuffer bytes = ByteBuffer.allocate(row.length * Integer.BYTES);
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, row.length, 1, row, 0, row.length);
            bytes.asIntBuffer().put(row);
            checksum.update(bytes.array());
        }
        return checksum.getValue();
    }
}
