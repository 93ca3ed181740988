package dev.tandem.engine.libtorch;

/** How programs compute: where, in which precision, and whether their operations are measured. */
record Computation(Placement placement, Autocast autocast, Instrument instrument) {}
