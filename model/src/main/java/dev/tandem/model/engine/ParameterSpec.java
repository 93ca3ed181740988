package dev.tandem.model.engine;

import dev.tandem.model.tensor.Shape;

/**
 * One parameter of a network: its name in checkpoints, its shape in PyTorch's layout, and its first value.
 *
 * @param learnt whether an optimizer moves it; running statistics move by themselves
 */
public record ParameterSpec(String name, Shape shape, Initializer initializer, boolean learnt) {}
