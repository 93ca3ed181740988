package dev.tandem.engine.libtorch;

import dev.tandem.model.tensor.Shape;

/** A value of a phase: its position among the tensors of a program, and its shape. */
record Value(int index, Shape shape) {}
