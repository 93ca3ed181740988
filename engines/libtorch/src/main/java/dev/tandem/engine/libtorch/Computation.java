package dev.tandem.engine.libtorch;

/**
 * How programs compute: where, in which precision, whether their operations are measured, and whether CUDA graphs replay
 * them.
 */
record Computation(Placement placement, Autocast autocast, Instrument instrument, Graphs graphs) {}
