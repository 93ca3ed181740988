/**
 * What the networks and losses are written against: a narrow vocabulary of operations ({@link Ops}), parameters by
 * name, phases, and the engine that compiles and runs them.
 */
package dev.tandem.model.engine;
