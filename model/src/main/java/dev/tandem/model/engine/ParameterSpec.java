package dev.tandem.model.engine;

import dev.tandem.model.tensor.Shape;

/**
 * One parameter of a network: its name in checkpoints, its shape in PyTorch's layout, and its first value.
 *
 * @param trainable whether an optimizer updates it; running statistics are updated without one
 */
public record ParameterSpec(String name, Shape shape, Initializer initializer, boolean trainable) {}
