package dev.tandem.evaluation.metric;

/**
 * What a network sees in a picture.
 *
 * @param input number of the input that the picture is an answer to
 */
public record FeatureVector(int input, double[] values) {}
