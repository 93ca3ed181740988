package dev.tandem.images.decode;

import java.awt.image.BufferedImage;

/**
 * An input image and an output image: a training pair, where both have the same size, or a request with a style.
 *
 * @param a input of the model
 * @param b output of the model
 */
public record ImagePair(BufferedImage a, BufferedImage b) {}
