/**
 * The actors around the model: {@link dev.tandem.actors.ModelActor} owns it, {@link dev.tandem.actors.SamplerActor}
 * turns requests into calls of the model, and {@link dev.tandem.actors.Guardian} restarts both together with their
 * streams after a failure. This package does not depend on Kafka.
 */
package dev.tandem.actors;
