/**
 * The owner of the model, the sampler in front of it, and the guardian that rebuilds both with their streams. Knows no
 * Kafka.
 */
package dev.tandem.actors;
