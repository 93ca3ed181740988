package dev.tandem.evaluation.metric;

/**
 * The feature vector of an image.
 *
 * @param input number of the input that the image belongs to
 */
public record FeatureVector(int input, double[] values) {}
