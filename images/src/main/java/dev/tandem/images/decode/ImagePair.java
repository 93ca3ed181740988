package dev.tandem.images.decode;

import java.awt.image.BufferedImage;

/**
 * An input image and its output image, both of the same size.
 *
 * @param a input of the model
 * @param b output of the model
 */
public record ImagePair(BufferedImage a, BufferedImage b) {}
