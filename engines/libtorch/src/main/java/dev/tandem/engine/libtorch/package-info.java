/**
 * The libtorch engine: a phase becomes a list of libtorch's operations, and its autograd computes the gradients.
 *
 * <p>The path of a phase: {@link dev.tandem.engine.libtorch.Recorder} records its instructions through {@link
 * dev.tandem.engine.libtorch.TorchOps}, and {@link dev.tandem.engine.libtorch.TorchProgram} runs them. Only this package
 * uses {@code org.bytedeco.pytorch}.
 */
package dev.tandem.engine.libtorch;
