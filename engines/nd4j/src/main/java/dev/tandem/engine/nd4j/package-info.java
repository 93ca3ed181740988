/**
 * The ND4J engine: compiles a phase to a list of native operations with explicit gradients, on planned buffers.
 *
 * <p>The path of a phase: {@link dev.tandem.engine.nd4j.Tape} records its instructions,
 * {@link dev.tandem.engine.nd4j.Backprop} appends those of the gradients, {@link dev.tandem.engine.nd4j.Planner} allocates
 * buffers and binds the instructions to them, and {@link dev.tandem.engine.nd4j.Nd4jProgram} runs the list. Only this
 * package uses {@code org.nd4j}.
 */
package dev.tandem.engine.nd4j;
