/**
 * The ND4J engine: a phase becomes a list of raw native operations with explicit gradients, on planned buffers.
 *
 * <p>The way of a phase: {@link dev.tandem.engine.nd4j.Tape} records instructions,
 * {@link dev.tandem.engine.nd4j.Backprop} appends the gradients' instructions,
 * {@link dev.tandem.engine.nd4j.Planner} gives every value a buffer, and
 * {@link dev.tandem.engine.nd4j.Nd4jProgram} runs the list. Only this package knows {@code org.nd4j}.
 */
package dev.tandem.engine.nd4j;
