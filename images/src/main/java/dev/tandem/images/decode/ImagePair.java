package dev.tandem.images.decode;

import java.awt.image.BufferedImage;

/** A picture A and the B it belongs to, of one size. */
public record ImagePair(BufferedImage a, BufferedImage b) {}
