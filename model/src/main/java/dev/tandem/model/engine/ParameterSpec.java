package dev.tandem.model.engine;

import dev.tandem.model.tensor.Shape;

/**
 * The declaration of one parameter of a network.
 *
 * @param name name within the network, as in checkpoints
 * @param shape shape in PyTorch's layout
 * @param trainable whether an optimizer updates it; false for running statistics
 */
public record ParameterSpec(String name, Shape shape, Initializer initializer, boolean trainable) {}
