package dev.tandem.model.engine;

/** Adam's constants (Kingma and Ba 2015), with PyTorch's place for epsilon: {@code m^ / (sqrt(v^) + epsilon)}. */
public record Adam(double learningRate, double beta1, double beta2, double epsilon) {}
