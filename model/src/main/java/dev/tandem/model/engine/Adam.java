package dev.tandem.model.engine;

/**
 * The parameters of Adam (Kingma and Ba 2015).
 *
 * @param epsilon added after the square root, as in PyTorch: {@code m^ / (sqrt(v^) + epsilon)}
 */
public record Adam(double learningRate, double beta1, double beta2, double epsilon) {}
